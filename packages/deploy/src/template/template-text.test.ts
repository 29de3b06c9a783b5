import { expect, test } from 'vitest';
import { isInline, templateText } from './template-text.ts';
import type { Template } from './template.ts';

/** A template whose readable text has this many bytes. */
function templateOf(bytes: number): Template {
  const empty: Template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: '',
    Metadata: { Furrow: { app: 'x', version: '1' } },
    Parameters: {},
    Resources: {},
    Outputs: {},
  };
  const frame = templateText(empty).length;
  return { ...empty, Description: 'x'.repeat(bytes - frame) };
}

test.for([
  { bytes: 51_200, isReadable: true },
  { bytes: 51_201, isReadable: false },
])('a template of $bytes bytes can be read: $isReadable', ({ bytes, isReadable }) => {
  const text = templateText(templateOf(bytes));
  expect(text.includes('\n')).toBe(isReadable);
  expect(isInline(text)).toBe(true);
});

test.for([
  { why: 'as much as CloudFormation takes', text: 'x'.repeat(51_200), expected: true },
  { why: 'a byte more', text: 'x'.repeat(51_201), expected: false },
  { why: 'bytes count, not letters', text: '\u00e9'.repeat(25_601), expected: false },
])('$why', ({ text, expected }) => {
  expect(isInline(text)).toBe(expected);
});
