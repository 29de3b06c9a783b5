import { domainOutputs, domains, httpUrl, webSocketUrl } from './domain.ts';
import { events } from './events.ts';
import { functions } from './functions.ts';
import { http } from './http.ts';
import { ref } from './intrinsics.ts';
import { identify, variableParameter } from './logical-ids.ts';
import { mergeResources } from './parts.ts';
import { queues } from './queues.ts';
import { roles } from './roles.ts';
import { scheduled } from './scheduled.ts';
import { tablesStreams } from './tables-streams.ts';
import { staticBucket, staticFiles } from './static.ts';
import { tables } from './tables.ts';
import { bucketParameter, type Template, type TemplateInput } from './template.ts';
import { listUnits, servesHttp, type Context } from './units.ts';
import { webSocket } from './web-socket.ts';

export { variableParameter } from './logical-ids.ts';
export { templateText } from './template-text.ts';

/**
 * Everything that an app is on AWS, as a CloudFormation template. Pure: the same for the same input, whenever and
 * wherever it is made.
 *
 * @throws {Error} when a function has no code, or two resources have one logical id; both are bugs.
 */
export function createTemplate(input: TemplateInput): Template {
  const { app, target, adopted } = input;
  const ids = identify(app, adopted?.ids);
  const context: Context = {
    ...input,
    ids,
    units: listUnits(input, ids),
    hasWebSocket: app.ws !== undefined,
    hasHttp: servesHttp(app),
    hasOpenApi: adopted?.hasOpenApi ?? false,
  };
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `${app.name}, ${target.stage}`,
    Metadata: { Furrow: { app: app.name, stage: target.stage } },
    Parameters: {
      [bucketParameter]: { Type: 'String', Description: 'The bucket that holds the code of the functions' },
      ...Object.fromEntries(input.variables.map((name) => [variableParameter(name), parameterOf(name)])),
    },
    Resources: mergeResources([
      webSocket(context),
      http(context),
      domains(context),
      functions(context),
      roles(context),
      staticFiles(context),
      tables(context),
      events(context),
      queues(context),
      scheduled(context),
      tablesStreams(context),
    ]),
    Outputs: outputs(context),
  };
}

/** The logical id of each function, by its name; the built-in one is `static`. */
export function functionIds({ Resources }: Template): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(Resources).flatMap(([id, { Type, Metadata }]) => {
      const furrow = Metadata?.['Furrow'];
      const name = typeof furrow === 'object' && 'name' in furrow ? furrow.name : undefined;
      return Type === 'AWS::Lambda::Function' && typeof name === 'string' ? [[name, id] as const] : [];
    }),
  );
}

function parameterOf(variable: string): Template['Parameters'][string] {
  return { Type: 'String', NoEcho: true, Description: `The app's variable ${variable}` };
}

/** Architect's names, so that what reads its stacks reads ours. */
function outputs(context: Context): Template['Outputs'] {
  const { hasHttp, hasWebSocket, app } = context;
  return {
    ...(hasHttp && {
      API: { Description: 'HTTP', Value: httpUrl(context) },
      ApiId: { Description: 'Id of the HTTP API', Value: ref('HTTP') },
    }),
    ...(hasWebSocket && {
      WSS: { Description: 'Web socket', Value: webSocketUrl(context) },
    }),
    ...(app.static.isServed && {
      StaticBucket: { Description: 'Bucket of static files', Value: staticBucket(context) },
    }),
    ...domainOutputs(context),
  };
}
