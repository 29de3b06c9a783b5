import type { DeployEvent, Plan, Urls } from '@furrow/deploy';
import type { Style } from './style.ts';
import { describeBytes, describeClock, describeCount } from './units.ts';

type EventOf<Type extends DeployEvent['type']> = Extract<DeployEvent, { readonly type: Type }>;

/** Lines for a person, one fact each. Pure. */
export function describeDeployEvent<Type extends DeployEvent['type']>(
  event: EventOf<Type>,
  style: Style,
): readonly string[] {
  return describers[event.type](event, style);
}

/** Whether it is said before what the command is about is known. */
export function isEarlyNews({ type }: DeployEvent): boolean {
  return type === 'installing' || type === 'plugin' || type === 'plugin-slow';
}

const describers: {
  readonly [Type in DeployEvent['type']]: (event: EventOf<Type>, style: Style) => readonly string[];
} = {
  target: ({ target, region, account }) => [`${target.appName} -> ${target.stackName}, ${region}, account ${account}`],
  installing: ({ packages, platform }) => [line('fetching', `${packages.join(', ')} for ${platform}`)],
  plugin: ({ plugin, hook }) => [line('plugin', `${plugin}: ${hook}`)],
  'plugin-slow': ({ plugin, hook, seconds }) => [
    line('plugin', `${plugin}: ${hook} has run for ${seconds} seconds; it is waited for`),
  ],
  built: ({ functions }) => [line('built', describeBuilt(functions))],
  joined: ({ status }) => [line('waiting', `for what runs on the stack already (${status})`)],
  clearing: ({ status }) => [line('clearing', `what a first deploy that failed has left (${status})`)],
  plan: ({ plan, isNew }, style) => describePlan(plan, isNew, style),
  'secret-missing': describeSecretMissing,
  'variables-missing': describeVariablesMissing,
  overtaken: () => [line('', 'somebody else has deployed meanwhile: planning again')],
  published: ({ label }) => [line('code', `${label}: left alone, it has provisioned concurrency (arc deploy)`)],
  bucket: ({ bucket }) => [line('bucket', `${bucket} for code, private; made`)],
  uploaded: (event) => [line('upload', describeUpload(event))],
  resource: (event, style) => [describeResource(event, style)],
  code: ({ label, bytes, isSame }) => [
    line('code', `${label}: ${isSame ? 'runs already' : `${describeBytes(bytes)}, runs now`}`),
  ],
  files: describeFiles,
};

function describeSecretMissing({ target: { stage }, labels }: EventOf<'secret-missing'>): readonly string[] {
  const who = `${labels.slice(0, mostNames).join(', ')}${labels.length > mostNames ? ', ...' : ''}`;
  const uses = labels.length === 1 ? 'uses' : 'use';
  return [
    line('note', `${who} ${uses} sessions, and ${stage} has no ARC_APP_SECRET: anyone can make sessions of this app`),
    line('', `openssl rand -base64 32 | npx arc env add ARC_APP_SECRET --env ${stage}`),
  ];
}

function describeVariablesMissing({ target: { stage }, names }: EventOf<'variables-missing'>): readonly string[] {
  const are = names.length === 1 ? 'is' : 'are';
  return [
    line('note', `@env ${stage} of the preferences names what AWS does not have: ${names.join(', ')} ${are} not set`),
    line('', `npx arc env add ${names[0]} --env ${stage}`),
  ];
}

/** Where the app answers, and what its own names need; nothing for what it does not have. */
export function describeUrls({ http, webSocket, dns }: Urls): readonly string[] {
  const width = Math.max(0, ...dns.map(({ name }) => name.length));
  const records = dns.map(({ name, target, zone }) => {
    const alias = zone === undefined ? '' : `, or an alias in Route 53 (zone ${zone})`;
    return `${name.padEnd(width)}  CNAME ${target}${alias}`;
  });
  return [
    ...(http === undefined ? [] : [line('page', http)]),
    ...(webSocket === undefined ? [] : [line('socket', webSocket)]),
    ...records.map((record, index) => line(index === 0 ? 'dns' : '', record)),
  ];
}

export function line(what: string, text: string): string {
  return `  ${what.padEnd(8)} ${text}`;
}

function describeBuilt(functions: readonly { readonly label: string; readonly bytes: number }[]): string {
  const all = functions.reduce((sum, { bytes }) => sum + bytes, 0);
  const [largest] = functions.toSorted((one, other) => other.bytes - one.bytes);
  const which =
    largest === undefined || functions.length < 2
      ? ''
      : ` (largest: ${largest.label}, ${describeBytes(largest.bytes)})`;
  return `${describeCount(functions.length, 'function')}, ${describeBytes(all)}${which}`;
}

function describePlan(plan: Plan, isNew: boolean, { bold, dim, red }: Style): readonly string[] {
  const changes = plan.lines.map(({ sign, what, details }) => {
    const text = `${sign} ${what}${details === '' ? '' : sign === '~' ? `: ${details}` : ` (${details})`}`;
    return sign === '-' ? red(text) : bold(text);
  });
  const same = plan.unchanged > 0 && !isNew ? [dim(`= ${plan.unchanged} unchanged`)] : [];
  const all = [...changes, ...same];
  return all.map((text, index) => line(index === 0 ? 'plan' : '', text));
}

function describeUpload({ count, of, bytes }: EventOf<'uploaded'>): string {
  if (count === 0) return `nothing: the bucket has all ${describeCount(of, 'function')}`;
  return `${count} of ${describeCount(of, 'function')}, ${describeBytes(bytes)}`;
}

/** CloudFormation's statuses as deeds. */
const deeds: Readonly<Record<string, string>> = {
  CREATE_COMPLETE: 'created',
  UPDATE_COMPLETE: 'updated',
  DELETE_COMPLETE: 'removed',
  DELETE_SKIPPED: 'kept',
  CREATE_FAILED: 'could not be created',
  UPDATE_FAILED: 'could not be updated',
  DELETE_FAILED: 'could not be removed',
  ROLLBACK_COMPLETE: 'undone',
  UPDATE_ROLLBACK_COMPLETE: 'undone',
};

function describeResource({ elapsedMs, what, status, reason }: EventOf<'resource'>, { red }: Style): string {
  const deed = Object.hasOwn(deeds, status) ? deeds[status] : status;
  const isFailure = status.endsWith('_FAILED');
  const text = `${what.padEnd(28)} ${deed}${isFailure && reason !== undefined ? `: ${reason}` : ''}`;
  return line(describeClock(elapsedMs), isFailure ? red(text) : text);
}

function describeFiles({ put, removed, of, extra, skipped }: EventOf<'files'>): readonly string[] {
  const done = [`${put} of ${describeCount(of, 'file')} sent`, ...(removed > 0 ? [`${removed} removed`] : [])].join(
    ', ',
  );
  const left = extra === 0 ? '' : `; ${extra} there that ${extra === 1 ? 'is' : 'are'} not here (--prune removes)`;
  return [line('static', done + left), ...describeSkipped(skipped)];
}

const mostNames = 3;

function describeSkipped(keys: readonly string[]): readonly string[] {
  if (keys.length === 0) return [];
  // Names with control characters are among them.
  const names = keys.slice(0, mostNames).map((key) => key.replaceAll(/\p{Cc}/gu, '?'));
  const more = keys.length > mostNames ? ', ...' : '';
  const were = keys.length === 1 ? 'was' : 'were';
  return [
    line(
      '',
      `${describeCount(keys.length, 'file')} that no browser can ask for ${were} left at home: ${names.join(', ')}${more}`,
    ),
  ];
}
