import { errors } from '../errors.ts';
import { templateText } from './template-text.ts';
import type { Template } from './template.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (read 2026-11) */
const most = { resources: 500, parameters: 200, outputs: 200, bytes: 1_000_000 } as const;

/** What CloudFormation would refuse a template for, a sentence each; nothing for a template that fits. */
export function templateFaults(template: Template): readonly string[] {
  const counts = {
    resources: Object.keys(template.Resources).length,
    parameters: Object.keys(template.Parameters).length,
    outputs: Object.keys(template.Outputs).length,
    bytes: Buffer.byteLength(templateText(template)),
  };
  return (['resources', 'parameters', 'outputs', 'bytes'] as const)
    .filter((kind) => counts[kind] > most[kind])
    .map((kind) => `The template has ${counts[kind]} ${kind}; CloudFormation takes ${most[kind]}.`);
}

/** @throws {TEMPLATE_TOO_LARGE} when CloudFormation would not take the template. */
export function checkLimits(template: Template): void {
  const faults = templateFaults(template);
  if (faults.length > 0) throw errors.templateTooLarge(faults.join(' '));
}
