import { join } from 'node:path';
import type { App, AppPlugins } from '@furrow/manifest';
import { writePackage } from '../package/write-package.ts';
import type { Target } from '../target.ts';
import { isInline } from '../template/template-text.ts';
import { tellPlugins } from '../plugins/ask-plugins.ts';
import { checkPackage } from './check-app.ts';
import type { OnDeployEvent } from './deploy-event.ts';

export interface WrittenPackage {
  /** Whether plugins have changed the template. */
  readonly isOfPlugins: boolean;
  /** Relative to the project, with `/`. */
  readonly folder: string;
  readonly templateBytes: number;
  /** Whether CloudFormation takes the template without a bucket. */
  readonly isInline: boolean;
  readonly functions: readonly { readonly label: string; readonly bytes: number; readonly unzippedBytes: number }[];
}

const folder = ['.furrow', 'package'];

/** Builds the app and writes what a deploy would send to `.furrow/package`. Needs no AWS. */
export async function packageTo(options: {
  readonly app: App;
  readonly projectDir: string;
  readonly target: Target;
  /** @default none */
  readonly plugins?: AppPlugins;
  readonly onEvent: OnDeployEvent;
}): Promise<WrittenPackage> {
  const task = { ...options, isDryRun: true };
  const { functions, template, change } = await checkPackage(task);
  await writePackage(join(options.projectDir, ...folder), { functions, template });
  await tellPlugins('deploy.end', task, template);
  return {
    isOfPlugins: !change.isNothing,
    folder: folder.join('/'),
    templateBytes: Buffer.byteLength(template),
    isInline: isInline(template),
    functions: functions.map(({ label, zip, unzippedBytes }) => ({ label, bytes: zip.length, unzippedBytes })),
  };
}

/** The AWS CLI's commands that do by hand what `deploy` does, without plan and checks. Pure. */
export function ejectCommands({
  app,
  target,
  written,
}: {
  readonly app: App;
  readonly target: Target;
  readonly written: WrittenPackage;
}): readonly string[] {
  const region = app.region === undefined ? '' : ` --region ${app.region}`;
  const profile = app.profile === undefined ? '' : ` --profile ${quote(app.profile)}`;
  const common = region + profile;
  const bucket = app.bucket ?? 'YOUR-DEPLOY-BUCKET';
  const { stackName } = target;
  const capabilities = written.isOfPlugins
    ? 'CAPABILITY_IAM CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND'
    : 'CAPABILITY_IAM';
  const viaBucket = written.isInline ? '' : ` --s3-bucket ${bucket} --s3-prefix templates`;
  const deploy = [
    `aws s3 cp ${written.folder}/functions s3://${bucket}/functions --recursive${common}`,
    `aws cloudformation deploy --stack-name ${stackName} --template-file ${written.folder}/template.json` +
      ` --parameter-overrides DeployBucket=${bucket} --capabilities ${capabilities}${viaBucket}${common}`,
  ];
  if (!app.static.isServed) return deploy;
  const { folder: from, prefix, [target.stage]: own } = app.static;
  const below = prefix === undefined ? '' : `/${prefix}`;
  if (own !== undefined) return [...deploy, `aws s3 sync ${quote(from)} s3://${own}${below}${common}`];
  const query = '--query StackResourceDetail.PhysicalResourceId --output text';
  const lookUp = `aws cloudformation describe-stack-resource --stack-name ${stackName} --logical-resource-id StaticBucket`;
  return [...deploy, `aws s3 sync ${quote(from)} "s3://$(${lookUp} ${query}${common})${below}"${common}`];
}

/** A word as a POSIX shell takes it literally. */
function quote(word: string): string {
  return /^[\w./:@+,=-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
