import { faults, quote } from './errors.ts';
import type { Report } from './report.ts';
import type { DraftFunction } from './routes.ts';
import type { Word } from './tree.ts';
import type { Setting } from './values.ts';

/** The function that is asked before `$connect`. */
export interface AuthorizerDraft extends DraftFunction {
  readonly identitySources: readonly Word[];
}

/** Also the name of a route that cannot stand beside it. */
export const authorizerLabel = 'authorizer';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html (read 2026-11) */
const identitySource =
  /^(?:route\.request\.(?:header|querystring)\.[\w.$:-]+|stageVariables\.\w{1,64}|context\.\w+(?:\.\w+)*)$/;
/** How the other two kinds of APIs say it: `$request.header.X`, `method.request.header.X`. */
const elsewhere = /^(?:\$|method\.)(request\.(?:header|querystring)\.[\w.$:-]+)$/;

const ways =
  'Write route.request.header.NAME, route.request.querystring.NAME, stageVariables.NAME or context.NAME; without any, every client is asked about.';

/** Reads `authorizer` below `connect`. What is no identity source is a fault and is left out. */
export function readAuthorizer({ key, values }: Setting, report: Report): AuthorizerDraft {
  // JSON and YAML say `true` of what is there.
  const said = values.length === 1 && values[0]?.text === 'true' ? [] : values;
  const identitySources: Word[] = [];
  for (const word of said) {
    const earlier = identitySources.find(({ text }) => text === word.text);
    if (!identitySource.test(word.text)) report.add(wrongSource(word));
    else if (earlier === undefined) identitySources.push(word);
    else report.add(faults.settingValue(word.at, `${quote(word.text)} is named twice.`, 'Remove one of them.'));
  }
  return {
    name: `ws/${authorizerLabel}`,
    kind: 'ws',
    label: authorizerLabel,
    sourceDir: `src/ws/${authorizerLabel}`,
    hasOwnFolder: false,
    viewsByDefault: false,
    routeSettings: [],
    identitySources,
    at: key.at,
  };
}

function wrongSource({ text, at }: Word): ReturnType<typeof faults.settingValue> {
  const [, request] = elsewhere.exec(text) ?? [];
  const fix = request === undefined ? ways : `Write route.${request}, which is how web sockets say it.`;
  return faults.settingValue(at, `${quote(text)} is no identity source of a web socket.`, fix);
}

/** What the event of an authorizer says of its request: there is nothing else that `context` could name (fact G3). */
const contextNames = [
  'apiId',
  'connectedAt',
  'connectionId',
  'domainName',
  'eventType',
  'extendedRequestId',
  'identity.sourceIp',
  'identity.userAgent',
  'messageDirection',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'routeKey',
  'stage',
];

/** Reports identity sources that no client could ever have: the stage has no such variable, its events nothing of that name. */
export function checkIdentitySources(
  { identitySources }: AuthorizerDraft,
  variables: readonly string[],
  report: Report,
): void {
  for (const { text, at } of identitySources) {
    const [, context] = /^context\.(.+)$/.exec(text) ?? [];
    if (context !== undefined && !contextNames.includes(context)) {
      const why = `No event has ${quote(`context.${context}`)}, so nobody would be let in.`;
      report.add(faults.settingValue(at, why, `Write context. and one of these: ${contextNames.join(', ')}.`));
    }
    const [, name] = /^stageVariables\.(.+)$/.exec(text) ?? [];
    if (name === undefined || variables.includes(name)) continue;
    const why = `There is no stage variable ${quote(name)}, so nobody would be let in.`;
    report.add(faults.settingValue(at, why, `Add "${name}" and its value below @stage-variables.`));
  }
}
