import { describe, expect, test } from 'vitest';
import { parseArc } from './parse.ts';
import { createReport } from './report.ts';
import type { Item } from './tree.ts';

/** `a b[c,d[e]]`: words, and in brackets what is below them. */
function show(items: readonly Item[]): string {
  return items
    .map(({ words, children }) => {
      const line = words.map(({ text }) => text).join(' ');
      return children.length === 0 ? line : `${line}[${show(children)}]`;
    })
    .join(',');
}

function parse(text: string) {
  const report = createReport();
  const pragmas = parseArc(text, report);
  return {
    shown: pragmas.map(({ name, items }) => `@${name}(${show(items)})`).join(' '),
    codes: report.faults.map(({ code, at }) => `${code} ${at.line}:${at.column}`),
  };
}

describe('what is understood', () => {
  test.for([
    { why: 'scalars', text: '@ws\na\nb', shown: '@ws(a,b)' },
    { why: 'a tuple', text: '@http\nget /', shown: '@http(get /)' },
    { why: 'a vector', text: '@aws\nlayers\n  a\n  b', shown: '@aws(layers[a,b])' },
    { why: 'a map', text: '@ws\njoin\n  src x', shown: '@ws(join[src x])' },
    { why: 'a map with a list', text: '@t\na\n  b\n    c\n    d\n  e f', shown: '@t(a[b[c,d],e f])' },
    { why: 'one space', text: '@ws\njoin\n src x\nb', shown: '@ws(join[src x],b)' },
    { why: 'four spaces', text: '@ws\njoin\n    src x\nb', shown: '@ws(join[src x],b)' },
    { why: 'a tab', text: '@ws\njoin\n\tsrc x', shown: '@ws(join[src x])' },
    { why: 'other depths in other places', text: '@ws\na\n   src x\nb\n src y', shown: '@ws(a[src x],b[src y])' },
    { why: 'an indented pragma body', text: '@ws\n  a\n    src x\n  b', shown: '@ws(a[src x],b)' },
    { why: 'back two levels', text: '@ws\na\n  b\n    c\nd', shown: '@ws(a[b[c]],d)' },
    { why: 'comments do not count', text: '@ws\na\n# c\n  src x\n      # d\nb', shown: '@ws(a[src x],b)' },
    {
      why: 'words on the line of the pragma',
      text: '@app x\n@http get /\n  src y',
      shown: '@app(x) @http(get /[src y])',
    },
    { why: 'an empty pragma', text: '@ws\n@http\n', shown: '@ws() @http()' },
    { why: 'a repeated pragma', text: '@ws\na\n@ws\nb', shown: '@ws(a) @ws(b)' },
    { why: 'nothing', text: ' \n# c\n', shown: '' },
  ])('$why', ({ text, shown }) => {
    expect(parse(text)).toEqual({ shown, codes: [] });
  });
});

describe('what is refused', () => {
  test.for([
    { why: 'no pragma', text: 'a\nb', codes: ['PRAGMA_MISSING 1:1'] },
    { why: 'content before', text: 'a\n@ws\nb', codes: ['CONTENT_BEFORE_PRAGMA 1:1'] },
    { why: 'between two levels', text: '@ws\na\n    b\n  c', codes: ['INDENT_MIXED 4:3'] },
    { why: 'left of the first line', text: '@ws\n  a\nb', codes: ['INDENT_MIXED 3:1'] },
  ])('$why', ({ text, codes }) => {
    expect(parse(text).codes).toEqual(codes);
  });
});
