import { faults } from './errors.ts';
import { oneValue, type Reader } from './values.ts';

/** The runtime of a function that names none, and what `node` and `nodejs` mean. */
export const defaultRuntime = 'nodejs24.x';

const aliases = new Map([
  ['node', defaultRuntime],
  ['nodejs', defaultRuntime],
  ['python', 'python3.13'],
]);

/** The oldest Node.js that Lambda does not call deprecated. */
const oldestNode = 22;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (read 2026-11) */
const lambdaRuntime = /^(?:nodejs\d+\.x|python\d\.\d+|ruby\d\.\d|java\d+(?:\.al2)?|dotnet\d+|provided\.[a-z0-9]+)$/;

const suggestions = ['nodejs24.x', 'nodejs22.x', 'python3.13', 'ruby3.4', 'java21', 'dotnet8', 'provided.al2023'];

/** Whether Lambda has it, or it is a word for one that Lambda has. */
export function isLambdaRuntime(text: string): boolean {
  return aliases.has(text) || lambdaRuntime.test(text);
}

/** Reads `runtime`: aliases become what they mean, a custom word stays with a warning. */
export const runtime: Reader<string> = (setting, { report, runtimes = [] }) => {
  const word = oneValue(setting, report);
  if (word === undefined) return undefined;
  const { text, at } = word;
  if (runtimes.includes(text)) return { value: text };
  const value = aliases.get(text) ?? text;
  const node = /^nodejs(\d+)\.x$/.exec(value)?.[1];
  if (!/^[\w.-]+$/.test(value)) {
    report.add(faults.settingValue(at, '"runtime" is not one word.', `Write a runtime such as ${defaultRuntime}.`));
    return undefined;
  }
  if (node !== undefined && Number(node) < oldestNode) report.add(faults.runtimeDeprecated(at, value, defaultRuntime));
  else if (!lambdaRuntime.test(value)) report.add(faults.runtimeCustom(at, value, suggestions));
  return { value };
};
