import { createRouteSelector } from '@furrow/protocol';
import type { FunctionSettings } from './app.ts';
import { faults } from './errors.ts';
import type { Report } from './report.ts';
import type { DraftFunction } from './routes.ts';
import { runtime } from './runtimes.ts';
import type { Pragma, Word } from './tree.ts';
import {
  numberFrom,
  numberOrUnset,
  oneOf,
  readSettings,
  textLike,
  textList,
  trueOrFalse,
  wholeNumber,
  type Reader,
  type Setting,
} from './values.ts';

export type Readers<T> = { readonly [Key in keyof T]: Reader<T[Key]> };

/** Where the app lives on AWS: the settings of `@aws` that only the manifest may say. */
export interface AppSettings {
  readonly region: string;
  readonly profile: string;
  readonly bucket: string;
  readonly domain: string;
  readonly certificate: string;
  readonly apigateway: 'http';
  readonly autoDeploy: boolean;
  readonly routeSelectionExpression: string;
}

const maxLayers = 5;
const layerArn = /^arn:aws[a-z-]*:lambda:([a-z0-9-]+):\d{12}:layer:[\w-]+:\d+$/;

const certificateArn = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;

const layers: Reader<readonly string[]> = (setting, context) => {
  const { key, values } = setting;
  const { region, report } = context;
  const list = textList(layerArn, 'the ARN of a layer version')(setting, context);
  if (values.length > maxLayers) report.add(faults.layersMany(key.at, values.length, maxLayers));
  for (const { text, at } of values) {
    const own = layerArn.exec(text)?.[1];
    if (own !== undefined && region !== undefined && own !== region) report.add(faults.layerRegion(at, own, region));
  }
  return list;
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html (read 2026-11) */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** What API Gateway holds such a number in. */
const maxInteger = 2_147_483_647;

/**
 * `PerExecutionEnvironmentMaxConcurrency`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html (read 2026-11)
 */
const maxEventsBeside = 1600;

/** Settings of a web socket route, or of a queue. */
const routeReaders: Readers<Pick<FunctionSettings, RouteSetting>> = {
  routeResponse: trueOrFalse,
  throttlingRateLimit: numberFrom(0),
  throttlingBurstLimit: wholeNumber(0, maxInteger, ' (events)'),
  fifo: trueOrFalse,
};

const functionReaders: Readers<Omit<FunctionSettings, PartSetting>> = {
  timeout: wholeNumber(1, 900, ' (seconds)'),
  memory: wholeNumber(128, 10_240, ' (megabytes)'),
  runtime,
  command: textList(/^[^\p{C}]+$/u, 'a program and its arguments, such as python3 main.py'),
  architecture: oneOf(
    ({ text }) => (text === 'arm64' || text === 'x86_64' ? { value: text } : undefined),
    'arm64 or x86_64',
  ),
  handler: textLike(
    /^(?!\/)(?!.*\.\.)[\w$\-/.:]*[\w$](?:\.|::)[\w$]+$/,
    'a file and its export, such as index.handler',
  ),
  storage: wholeNumber(512, 10_240, ' (megabytes)'),
  concurrency: numberOrUnset(0, 'unthrottled'),
  provisionedConcurrency: numberOrUnset(1, 'disabled'),
  'environment-concurrency': wholeNumber(1, maxEventsBeside, ' (events)'),
  layers,
  policies: textList(/^[^\s\p{C}]+$/u, 'the name or ARN of a policy'),
  logRetention: oneOf(
    ({ value }) => (retentionDays.some((days) => days === value) ? { value: Number(value) } : undefined),
    `a number of days that CloudWatch knows: ${retentionDays.join(', ')}`,
  ),
  ...routeReaders,
};

export const bucketName = textLike(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket');

const appReaders: Readers<AppSettings> = {
  region: textLike(/^[a-z]{2}(?:-[a-z]+)+-\d+$/, 'a region such as us-west-2'),
  profile: textLike(/^[^\p{C}]+$/u, 'a profile of your AWS configuration'),
  bucket: bucketName,
  domain: textLike(
    /^(?=.{1,250}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'a domain in small letters, such as chat.example.com',
  ),
  certificate: textLike(certificateArn, 'the ARN of a certificate of ACM'),
  apigateway: oneOf(
    ({ text }) => (text === 'http' || text === 'httpv2' ? { value: 'http' as const } : undefined),
    'http or httpv2; REST APIs and payload version 1 are not offered',
  ),
  autoDeploy: trueOrFalse,
  routeSelectionExpression: oneOf(
    ({ text }) => (createRouteSelector(text) === undefined ? undefined : { value: text }),
    'what is looked for in request.body, such as $request.body.action or, in quotes, "${request.body.a}/${request.body.b}"',
  ),
};

/** Which settings a web socket route, or a queue, may have. */
export type RouteSetting = 'routeResponse' | 'throttlingRateLimit' | 'throttlingBurstLimit' | 'fifo';

/** What is given to a function: settings of `@arc`. */
type PartSetting = 'shared' | 'views' | 'env' | 'external';

const sharedReaders: Readers<Pick<FunctionSettings, 'external'>> = {
  external: textList(packageName, 'the name of an npm package, in quotes when it begins with "@"'),
};

const partReaders: Readers<Pick<FunctionSettings, PartSetting>> = {
  shared: trueOrFalse,
  views: trueOrFalse,
  env: trueOrFalse,
  ...sharedReaders,
};

/** Architect's other names for settings of several values, each of which may be said again. */
const lists = { layers: 'layers', layer: 'layers', policies: 'policies', policy: 'policies' };

/** Which settings there are, by where they may stand. */
export const settingNames = {
  app: Object.keys(appReaders),
  function: Object.keys(functionReaders),
  config: Object.keys(partReaders),
  /** Those of `config` that may stand in `@aws` of the manifest too, for every function. */
  shared: Object.keys(sharedReaders),
} as const;

/** Reads `@aws` of the manifest: the app's own settings, and what every function starts from. */
export function readAppAws(
  pragma: Pragma,
  report: Report,
  runtimes: readonly string[] = [],
): { readonly app: Partial<AppSettings>; readonly functions: Partial<FunctionSettings> } {
  const known = [...settingNames.function, ...settingNames.app, ...settingNames.shared];
  const elsewhere = settingNames.config;
  const settings = readSettings(pragma.items, { known, elsewhere, lists, owner: '@aws', report });
  const app = readWith(appReaders, settings, { report, region: undefined });
  const context = { report, region: app.region, runtimes };
  const functions = { ...readWith(functionReaders, settings, context), ...readWith(sharedReaders, settings, context) };
  checkConcurrency(settings, functions, report);
  checkDomain(settings, report);
  return { app, functions };
}

/** A domain is of no use without its certificate, which API Gateway looks for in its own region. */
function checkDomain(settings: ReadonlyMap<string, Setting>, report: Report): void {
  const [domain, certificate] = [settings.get('domain'), settings.get('certificate')];
  const alone = domain ?? certificate;
  if (alone !== undefined && (domain === undefined || certificate === undefined)) {
    const [has, lacks] = domain === undefined ? ['certificate', 'domain'] : ['domain', 'certificate'];
    report.add(faults.settingValue(alone.key.at, `"${has}" has no "${lacks}".`, `Write "${lacks}" below it.`));
  }
  const value = certificate?.values[0];
  if (value !== undefined) checkRegion(value, settings.get('region')?.values[0]?.text, report);
}

function checkRegion({ text, at }: Word, expected: string | undefined, report: Report): void {
  const own = certificateArn.exec(text)?.[1];
  if (own === undefined || expected === undefined || own === expected) return;
  report.add(
    faults.settingValue(at, `This certificate is in ${own}, the app in ${expected}.`, `Use one in ${expected}.`),
  );
}

/**
 * Lambda keeps no more environments warm than it has reserved. The fault stands where the file says the one or the other.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html (read 2026-11)
 */
function checkConcurrency(
  settings: ReadonlyMap<string, Setting>,
  { concurrency, provisionedConcurrency }: Partial<FunctionSettings>,
  report: Report,
): void {
  const said = settings.get('provisionedConcurrency') ?? settings.get('concurrency');
  if (said === undefined || concurrency === undefined || provisionedConcurrency === undefined) return;
  if (provisionedConcurrency <= concurrency) return;
  const at = said.values[0]?.at ?? said.key.at;
  report.add(faults.concurrencyLow(at, { provisionedConcurrency, concurrency }));
}

interface ConfigContext {
  readonly region: string | undefined;
  /** What the manifest says for every function. */
  readonly inherited: Partial<FunctionSettings>;
  /** The functions that live in the folder of the file. */
  readonly owners: readonly DraftFunction[];
  /** Names of runtimes that plugins bring. */
  readonly runtimes: readonly string[];
}

/** Reads `@aws` and `@arc` of a function's config file. */
export function readFunctionConfig(
  pragmas: ReadonlyMap<string, Pragma>,
  report: Report,
  { region, inherited, owners, runtimes }: ConfigContext,
): Partial<FunctionSettings> {
  const aws = readSettings(pragmas.get('aws')?.items ?? [], {
    known: [...settingNames.function, ...settingNames.app],
    elsewhere: settingNames.config,
    lists,
    owner: '@aws',
    report,
  });
  for (const { key } of aws.values()) {
    if (settingNames.app.includes(key.text)) report.add(faults.settingPlace(key.at, key.text));
    else checkRouteSetting(key, owners, report);
  }
  const known = [...settingNames.config, 'ignoreDependencies'];
  const elsewhere = [...settingNames.function, ...settingNames.app];
  const arc = readSettings(pragmas.get('arc')?.items ?? [], { known, elsewhere, owner: '@arc', report });
  const ignored = arc.get('ignoreDependencies');
  if (ignored !== undefined) report.add(faults.settingNotRun(ignored.key.at, ignored.key.text, '@arc'));
  const own = readWith(functionReaders, aws, { report, region, runtimes });
  checkConcurrency(aws, { ...inherited, ...own }, report);
  return { ...own, ...readWith(partReaders, arc, { report, region }) };
}

/** A setting of routes in a folder where it would mean nothing. */
function checkRouteSetting({ text, at }: Word, owners: readonly DraftFunction[], report: Report): void {
  const [owner] = owners;
  const isTaken = owners.some(({ routeSettings }) => routeSettings.some((name) => name === text));
  if (owner === undefined || isTaken || !Object.hasOwn(routeReaders, text)) return;
  report.add(faults.settingOfRoutes(at, text, owner.label));
}

/** The settings that were said, each read by its own reader. */
export function readWith<T>(
  readers: Readers<T>,
  settings: ReadonlyMap<string, Setting>,
  context: Parameters<Reader<unknown>>[1],
): Partial<T> {
  const values: [string, unknown][] = [];
  for (const [key, read] of Object.entries<Reader<unknown>>(readers)) {
    const setting = settings.get(key);
    const chosen = setting === undefined ? undefined : read(setting, context);
    if (chosen !== undefined) values.push([key, chosen.value]);
  }
  // Each value came from the reader of its own key, which the type of `readers` ties to it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(values) as Partial<T>;
}
