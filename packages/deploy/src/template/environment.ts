import { isOurVariable, isReservedVariable } from '@furrow/executor';
import { httpUrl, webSocketUrl } from './domain.ts';
import { ref } from './intrinsics.ts';
import { variableParameter } from './logical-ids.ts';
import { roleId } from './roles.ts';
import { staticBucket } from './static.ts';
import type { Value } from './template.ts';
import type { Context, Unit } from './units.ts';

/** A function's own packages come first, before what Lambda brings in the folder that it names by itself. */
const pythonPath = '/var/task/vendor:/var/task/vendor/shared:/var/runtime';

/**
 * The variables of a function. Those of the app are references to parameters, so that no value stands in a template.
 *
 * No variable names a stage: stages need deployments, these need routes, and routes need functions (fact I20).
 */
export function environmentOf(context: Context, unit: Unit): Readonly<Record<string, Value>> {
  const fixed = {
    ...whereItRuns(context),
    ...(unit.kind === 'static' ? howFilesAreServed(context) : whatItMayUse(context, unit)),
  };
  if (!unit.settings.env) return fixed;
  const own = context.variables.filter((name) => !isReservedVariable(name) && !isOurVariable(name));
  const given = { ...ofPlugins(context), ...fixed };
  return { ...given, ...Object.fromEntries(own.map((name) => [name, ref(variableParameter(name))])) };
}

/** What plugins give is in their code already, so it may stand in a template. The app's own variables beat it. */
function ofPlugins({ app, target }: Context): Readonly<Record<string, Value>> {
  const entries = Object.entries(app.variables[target.stage]);
  return Object.fromEntries(entries.filter(([name]) => !isReservedVariable(name) && !isOurVariable(name)));
}

function whereItRuns(context: Context): Readonly<Record<string, Value>> {
  const { app, target } = context;
  return {
    AWS_CLOUDFORMATION: ref('AWS::StackName'),
    ARC_STACK_NAME: ref('AWS::StackName'),
    ARC_APP_NAME: app.name,
    ARC_ENV: target.stage,
    ...(app.static.isServed && { ARC_STATIC_BUCKET: staticBucket(context) }),
  };
}

function howFilesAreServed({ app }: Context): Readonly<Record<string, Value>> {
  const { prefix, spa, fingerprint } = app.static;
  return {
    ...(prefix !== undefined && { ARC_STATIC_PREFIX: prefix }),
    ...(spa && { ARC_STATIC_SPA: 'true' }),
    ...(fingerprint !== false && { ARC_STATIC_FINGERPRINT: String(fingerprint) }),
  };
}

function whatItMayUse(context: Context, unit: Unit): Readonly<Record<string, Value>> {
  return {
    ARC_ROLE: ref(roleId(unit)),
    ARC_SESSION_TABLE_NAME: 'jwe',
    ...(context.hasWebSocket && { ARC_WSS_URL: webSocketUrl(context) }),
    ...(mayNameHttp(context, unit) && { ARC_HTTP_URL: httpUrl(context) }),
    ...(unit.settings.runtime.startsWith('nodejs') && { NODE_OPTIONS: '--enable-source-maps' }),
    ...(unit.settings.runtime.startsWith('python') && { PYTHONPATH: pythonPath }),
  };
}

/** An API whose routes stand in its own text needs its functions first; they cannot name it, or neither could be made. */
function mayNameHttp({ hasHttp, hasOpenApi }: Context, { kind }: Unit): boolean {
  return hasHttp && (kind !== 'http' || !hasOpenApi);
}
