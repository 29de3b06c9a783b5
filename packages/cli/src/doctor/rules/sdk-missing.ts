import { findingAt, type Rule } from '../finding.ts';
import { moduleOf } from '../syntax.ts';

/** Version 2 of the AWS SDK where nothing brings it: Lambda's Node runtimes have version 3 since nodejs18.x. */
export const sdkMissing: Rule = (source) => {
  if (source.isBrowser || source.installed.has('aws-sdk') || source.owners.every(({ settings }) => bringsSdk(settings)))
    return [];
  return source.nodes
    .filter(({ syntax }) => /^aws-sdk(?:\/|$)/.test(moduleOf(syntax) ?? ''))
    .map(({ syntax }) =>
      findingAt(source, syntax, {
        outcome: 'on-aws',
        severity: 'error',
        code: 'SDK_MISSING',
        message: 'Lambda has no "aws-sdk" since nodejs18.x, and the app has not installed it.',
        fix: 'Run "npm install aws-sdk", and the build takes it in; or use the clients of @aws-sdk, which Lambda has.',
      }),
    );
};

function bringsSdk({ runtime, layers }: { readonly runtime: string; readonly layers: readonly string[] }): boolean {
  const node = /^nodejs(\d+)/.exec(runtime)?.[1];
  return layers.length > 0 || (node !== undefined && Number(node) < 18);
}
