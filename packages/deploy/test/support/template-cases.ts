import { readFileSync } from 'node:fs';
import { deployTarget } from '../../src/target.ts';
import { createTemplate } from '../../src/template/create-template.ts';
import type { Template, TemplateInput } from '../../src/template/template.ts';
import { appOf, inputOf } from './template-input.ts';

/** An app, and what becomes of it on AWS in `src/template/snapshots`. */
export interface TemplateCase {
  readonly name: string;
  readonly manifest: string;
  /** Settings that it is about. */
  readonly settings?: readonly string[];
  readonly configs?: Readonly<Record<string, string>>;
  readonly input?: Partial<TemplateInput>;
}

const example = (name: string) =>
  readFileSync(new URL(`../../../../examples/${name}/app.arc`, import.meta.url), 'utf8');

/** One function and nothing else. */
const small = (settings: string) => `@app\ntestapp\n@http\nget /rooms\n@static\nfalse\n@aws\n${settings}`;

const domain = 'domain chat.example.com\ncertificate arn:aws:acm:us-west-2:123456789012:certificate/1a2b3c4d-5e6f';

const layer = 'arn:aws:lambda:us-west-2:123456789012:layer:tools:3';

export const templateCases: readonly TemplateCase[] = [
  { name: 'document', manifest: example('document') },
  { name: 'chat', manifest: example('chat'), input: { variables: ['API_KEY', 'ARC_SESSION_TABLE_NAME'] } },
  {
    name: 'custom-routes',
    manifest: '@app\ntestapp\n\n@ws\naction\nstatus\njoin\ndefault\nconnected\ndisconnected\n',
  },
  {
    name: 'production-with-a-name',
    manifest: '@app\ntestapp\n@ws',
    input: { target: deployTarget('testapp', 'production', 'preview') },
  },
  {
    name: 'domain',
    manifest: `@app\ntestapp\n@ws\n@http\nget /\n@aws\n${domain}`,
    settings: ['domain', 'certificate'],
    input: { target: deployTarget('testapp', 'production') },
  },
  { name: 'auto-deploy', manifest: '@app\ntestapp\n@ws\n@aws\nautoDeploy true', settings: ['autoDeploy'] },
  {
    name: 'authorizer',
    manifest:
      '@app\ntestapp\n@ws\nconnect\n  authorizer route.request.querystring.token stageVariables.color\n@stage-variables\ncolor blue\n__proto__ "a#1"',
  },
  {
    name: 'authorizer-always-asked',
    manifest: '@app\ntestapp\n@ws\nconnect\n  authorizer\n@aws\nautoDeploy true',
    configs: { 'src/ws/authorizer': '@aws\nprovisionedConcurrency 1' },
  },
  {
    name: 'two-way',
    manifest: '@app\ntestapp\n@ws\nconnect false\ndisconnect false\njoin\n',
    configs: { 'src/ws/join': '@aws\nrouteResponse true' },
    settings: ['routeResponse'],
  },
  {
    name: 'throttles',
    manifest: '@app\ntestapp\n@ws\njoin\n@aws\nthrottlingRateLimit 100.5',
    configs: {
      'src/ws/join': '@aws\nthrottlingRateLimit 0\nthrottlingBurstLimit 0',
      'src/ws/connect': '@aws\nthrottlingBurstLimit 20',
    },
    settings: ['throttlingRateLimit', 'throttlingBurstLimit'],
  },
  {
    name: 'route-selection',
    manifest:
      '@app\ntestapp\n@ws\nchat/join\n@aws\nrouteSelectionExpression "${request.body.service}/${request.body.action}"',
    settings: ['routeSelectionExpression'],
  },
  {
    name: 'sizes',
    manifest: small('timeout 60\nmemory 512\nstorage 2048\narchitecture x86_64\nlogRetention 14'),
    settings: ['timeout', 'memory', 'storage', 'architecture', 'logRetention'],
  },
  { name: 'runtime', manifest: small('runtime python3.13'), settings: ['runtime'] },
  { name: 'concurrency', manifest: small('concurrency 0'), settings: ['concurrency'] },
  {
    name: 'provisioned-concurrency',
    manifest: `${small('provisionedConcurrency 2')}\n@ws`,
    settings: ['provisionedConcurrency'],
  },
  { name: 'layers', manifest: small(`layers ${layer}`), settings: ['layers'] },
  {
    name: 'policies',
    manifest: small('policies AmazonS3ReadOnlyAccess arn:aws:iam::123456789012:policy/own'),
    settings: ['policies'],
  },
  {
    name: 'variables',
    manifest: '@app\ntestapp\n@http\nget /rooms\npost /rooms\n@static\nfalse',
    configs: { 'src/http/post-rooms': '@arc\nenv false' },
    input: { variables: ['API_KEY', 'NODE_OPTIONS', 'api_key'] },
    settings: ['env'],
  },
  {
    name: 'http-routes',
    manifest:
      '@app\ntestapp\n@http\nany /*\nget /rooms/:id\nput /rooms/:id/files/*\nget /foo-bar\nhead /foo.bar\n@static\nfalse',
  },
  { name: 'files-alone', manifest: '@app\ntestapp\n@static' },
  {
    name: 'bucket-of-ones-own',
    manifest: '@app\ntestapp\n@http\nget /\n@static\nstaging files.example.com\nproduction other-files',
  },
  {
    name: 'from-architect',
    manifest: '@app\ntestapp\n@ws\n@http\nget /\nany /rooms/:id\n',
    input: { adopted: { ids: new Map([['http/any-rooms-000id', 'AnyRoomsId']]), hasOpenApi: true } },
  },
  {
    name: 'background-work',
    manifest:
      '@app\ntestapp\n@ws\nconnect false\ndisconnect false\n@events\nlikes\nimage.Uploaded\n@queues\norders\nthumbnails\n  fifo false\n  batchSize 100\n  batchWindow 5\n@scheduled\ncleanup rate(1 day)\nreport cron(0 15 ? * FRI *)\n@aws\ntimeout 30',
    configs: {
      'src/queues/orders': '@aws\npolicies AmazonS3ReadOnlyAccess',
      'src/events/likes': '@aws\nprovisionedConcurrency 1',
      'src/scheduled/cleanup': '@aws\nprovisionedConcurrency 1',
    },
  },
  { name: 'queue-of-aws', manifest: '@app\ntestapp\n@queues\njobs\n@aws\nfifo false', settings: ['fifo'] },
  { name: 'spellings', manifest: '@app\ntestapp\n@ws\na-b\na.b\na_b\n  src lib/a\na/b\njoin\nJoin\n  src lib/b' },
  {
    name: 'tables',
    manifest: `@app
testapp
@http
get /rooms
@static
false
@tables
rooms
  id *String
  at **Number
  expires TTL
  PointInTimeRecovery true
  encrypt true
user_names
  name *String
@tables-indexes
rooms
  owner *Binary
  at **Number
rooms
  owner *Binary
  name byOwner
  projection keys
rooms
  owner *Binary
  name named
  projection
    title`,
  },
  {
    name: 'streams',
    manifest:
      '@app\ntestapp\n@static\nfalse\n@tables\nrooms\n  id *String\n  stream true\n@tables-streams\ncount\n  table rooms\nrooms',
    configs: { 'src/tables-streams/count': '@aws\nprovisionedConcurrency 1' },
  },
];

/** The template of a case. */
export async function templateOf({ manifest, configs, input }: TemplateCase): Promise<Template> {
  return createTemplate(inputOf(await appOf(manifest, configs), input));
}
