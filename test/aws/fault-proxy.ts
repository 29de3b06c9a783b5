import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { AwsCall } from '../../packages/deploy/src/aws/aws.ts';
import { answerOf, refusalOf, type Answer, type Refusal } from './answers.ts';
import { environmentFor, type Emulator } from './emulator.ts';
import { operationOf } from './operation-of.ts';
import { withoutDeployment } from './without-deployment.ts';

/** What happens to a call instead of, or before, what would. */
export type Fault =
  | 'throttled'
  | 'expired'
  | 'denied'
  | 'unknownKey'
  | 'unavailable'
  /** The line is cut before the emulator hears of the call. */
  | 'cutBefore'
  /** The emulator does what it is asked; the line is cut in the middle of its answer. */
  | 'cutWithin'
  /** The answer comes late. */
  | { readonly slowMs: number }
  /** What AWS says in some other trouble. */
  | Refusal;

export interface FaultRule {
  /** `CloudFormation`; absent: of any service. */
  readonly service?: string;
  /** `CreateChangeSet`; absent: any. */
  readonly operation?: string;
  /** The first of these requests that is touched, counted from 1. @default 1 */
  readonly nth?: number;
  /** How many are, each try of the SDK counted. @default 1 */
  readonly times?: number;
  readonly fault: Fault;
}

export interface FaultProxy extends AsyncDisposable {
  /** `http://127.0.0.1:40124` */
  readonly url: string;
  /** What a command needs to go through here. */
  readonly env: Readonly<Record<string, string>>;
  /** Every request that came, each try of the SDK counted. */
  readonly calls: readonly AwsCall[];
  readonly fail: (rule: FaultRule) => void;
  /** Forgets rules and calls. */
  readonly clear: () => void;
}

export interface FaultProxyOptions {
  /** Whether resources that the emulator does not know are taken out of templates. @default true */
  readonly adaptsTemplates?: boolean;
}

interface Counted {
  readonly rule: FaultRule;
  /** Requests that it was about so far. */
  seen: number;
}

/**
 * Opens a server in front of the emulator that passes everything on as it comes, but for the calls that are to fail
 * and for two resource types in the template of `CreateChangeSet` (`withoutDeployment`).
 */
export async function openFaultProxy(target: Emulator, options: FaultProxyOptions = {}): Promise<FaultProxy> {
  const { adaptsTemplates = true } = options;
  const calls: AwsCall[] = [];
  let rules: Counted[] = [];

  /** Counts a call, and says what is to become of it. */
  const faultOf = (call: AwsCall | undefined): Fault | undefined => {
    if (call === undefined) return undefined;
    calls.push(call);
    const fitting = rules.filter(({ rule: { service = call.service, operation = call.operation } }) => {
      return service === call.service && operation === call.operation;
    });
    for (const entry of fitting) entry.seen += 1;
    return fitting.find(isDue)?.rule.fault;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '/', headers } = request;
    const form = await formOf(request);
    const call = operationOf({ method, url, headers, form });
    const fault = faultOf(call);
    if (fault === 'cutBefore') return void request.socket.destroy();
    const answer = answerInstead(fault, call);
    if (answer !== undefined) return refuse(request, response, answer);
    if (typeof fault === 'object' && 'slowMs' in fault) await delay(fault.slowMs);
    if (adaptsTemplates && form?.get('Action') === 'CreateChangeSet') await adapt(form, target);
    await passOn({ request, response, target, body: form?.toString(), isCut: fault === 'cutWithin' });
  };

  const server = createServer((request, response) => {
    // Whoever asked has gone, or the emulator has.
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: environmentFor(url),
    calls,
    fail: (rule) => void rules.push({ rule, seen: 0 }),
    clear() {
      rules = [];
      calls.length = 0;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '')) return undefined;
  return new URLSearchParams((await buffer(request)).toString('utf8'));
}

function answerInstead(fault: Fault | undefined, call: AwsCall | undefined): Answer | undefined {
  if (call === undefined || fault === undefined || fault === 'cutWithin' || fault === 'cutBefore') return undefined;
  if (typeof fault === 'string') return answerOf(call.service, refusalOf(fault, call));
  return 'slowMs' in fault ? undefined : answerOf(call.service, fault);
}

async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): Promise<void> {
  // AWS reads what is sent before it answers.
  if (!request.readableEnded) await once(request.resume(), 'end');
  response.writeHead(status, headers).end(request.method === 'HEAD' ? '' : body);
}

function isDue({ rule: { nth = 1, times = 1 }, seen }: Counted): boolean {
  return seen >= nth && seen < nth + times;
}

interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Emulator;
  /** What is sent instead of what came. */
  readonly body: string | undefined;
  readonly isCut: boolean;
}

async function passOn({ request, response, target, body, isCut }: Passage): Promise<void> {
  const { expect: _, ...headers } = request.headers;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const outgoing = send(new URL(request.url ?? '/', target.url), {
    method: request.method,
    headers: { ...headers, ...length, host: new URL(target.url).host },
  });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  if (body === undefined) await Promise.all([pipeline(request, outgoing), answered]);
  else outgoing.end(body);
  const [answer] = await answered;
  if (isCut) return cut(answer, response);
  response.writeHead(answer.statusCode!, answer.headers);
  await pipeline(answer, response);
}

/** Sends the head and half of the body. */
async function cut(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(answer);
  response.writeHead(answer.statusCode!, answer.headers);
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

/** Rewrites the template of a change set, in the form or where it lies in the emulator. */
async function adapt(form: URLSearchParams, target: Emulator): Promise<void> {
  const text = form.get('TemplateBody');
  if (text !== null) return form.set('TemplateBody', withoutDeployment(text));
  const url = form.get('TemplateURL');
  if (url === null) return;
  const { pathname } = new URL(url);
  const original = await fetch(target.url + pathname);
  if (!original.ok) return;
  const body = withoutDeployment(await original.text());
  await fetch(`${target.url}${pathname}.adapted`, { method: 'PUT', body });
  form.set('TemplateURL', `${url}.adapted`);
}
