import { parseObject, readRefusal } from './answer.ts';
import { parametersEndpoint, signer, type Environment } from './endpoint.ts';
import { errors } from './errors.ts';
import type { Services } from './services.ts';
import { environment, exchange, type Call } from './transport.ts';

interface Parameter {
  readonly Name: string;
  readonly Value: string;
}

/**
 * Where the parameters of this stack are: `/ChatStaging`.
 *
 * @throws {STACK_NAME_MISSING} when no variable names the stack.
 */
export function stackPath(env: Environment = environment()): string {
  const name = env['ARC_STACK_NAME'] || env['AWS_CLOUDFORMATION'];
  if (!name) throw errors.stackNameMissing();
  return `/${name}`;
}

/** Reads every parameter below a path, page by page. SSM gives at most ten at once. */
export async function loadParameters(path: string): Promise<Services> {
  const env = environment();
  const who = signer(env);
  const parameters: Parameter[] = [];
  let nextToken: string | undefined;
  do {
    const call = describeCall({ Path: path, Recursive: true, NextToken: nextToken });
    // A page's token is in the page before it.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await exchange({ ...call, endpoint: parametersEndpoint(env, who.region) }, who);
    const refusal = readRefusal(answer);
    if (refusal !== undefined) throw errors.parametersRefused(refusal, path);
    const page = parseObject(answer.body) as { Parameters?: Parameter[]; NextToken?: string };
    parameters.push(...(page.Parameters ?? []));
    nextToken = page.NextToken || undefined;
  } while (nextToken !== undefined);
  return nestParameters(path, parameters);
}

function describeCall(input: object): Omit<Call, 'endpoint'> {
  return {
    service: 'ssm',
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonSSM.GetParametersByPath',
    },
    body: Buffer.from(JSON.stringify(input)),
  };
}

type Branch = Map<string, string | Branch>;

/** Names as a tree below the path. SSM allows `/s/a` beside `/s/a/b`; then `a` is the map. */
export function nestParameters(path: string, parameters: readonly Parameter[]): Services {
  const root: Branch = new Map();
  for (const { Name, Value } of parameters) {
    if (!Name.startsWith(`${path}/`)) continue;
    const parts = Name.slice(path.length + 1).split('/');
    const leaf = parts.pop() ?? '';
    const branch = parts.reduce(grow, root);
    if (!(branch.get(leaf) instanceof Map)) branch.set(leaf, Value);
  }
  return toServices(root);
}

function grow(branch: Branch, part: string): Branch {
  const known = branch.get(part);
  if (known instanceof Map) return known;
  const fresh: Branch = new Map();
  branch.set(part, fresh);
  return fresh;
}

/** `fromEntries` defines properties, so a parameter named `__proto__` is data like any other. */
function toServices(branch: Branch): Services {
  return Object.fromEntries(
    [...branch].map(([part, value]) => [part, value instanceof Map ? toServices(value) : value]),
  );
}
