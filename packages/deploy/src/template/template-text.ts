import type { Template } from './template.ts';

/** Longest template that goes to CloudFormation without a bucket. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (read 2026-11) */
const maxInlineBytes = 51_200;

/** Whether a template is handed over as it is, or by way of the bucket. */
export function isInline(text: string): boolean {
  return Buffer.byteLength(text) <= maxInlineBytes;
}

/** The template as text: to be read as long as it stays small, else without spaces. The same for the same template. */
export function templateText(template: Template): string {
  const readable = `${JSON.stringify(template, null, 2)}\n`;
  return isInline(readable) ? readable : JSON.stringify(template);
}
