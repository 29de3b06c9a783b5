import type { Template } from '../template/template.ts';
import { isRecord, type Json } from './template-change.ts';

type Members = { readonly [key: string]: Json };

/** The role that all functions of an app have in Architect's templates. */
const commonRole = 'Role';
const functionType = 'AWS::Lambda::Function';
const samFunction = 'AWS::Serverless::Function';
const samTransform = 'AWS::Serverless-2016-10-31';

/**
 * A template as plugins for Architect know it: functions are SAM's, with variables, and share the role `Role`, whose policies
 * have their usual names and places. A new object, to be changed by whoever gets it. Pure.
 */
export function architectView(template: Template, folders: ReadonlyMap<string, string>): Members {
  const plain = copyOf(template);
  const resources = membersOf(plain['Resources']);
  const viewed = Object.entries(resources).map(([id, resource]) => [id, viewOf(membersOf(resource), folders)] as const);
  const role = functionRoles(resources).length === 0 ? {} : { [commonRole]: roleView(resources) };
  return copyOf({ ...plain, Resources: { ...Object.fromEntries(viewed), ...role } });
}

function viewOf(resource: Members, folders: ReadonlyMap<string, string>): Members {
  if (resource['Type'] !== functionType) return resource;
  const properties = membersOf(resource['Properties']);
  const environment = { Variables: {}, ...membersOf(properties['Environment']) };
  const { name, label } = membersOf(membersOf(resource['Metadata'])['Furrow']);
  const pragma = textOf(name).split('/', 1).join('');
  return {
    ...resource,
    Type: samFunction,
    Properties: { ...properties, Environment: environment, CodeUri: folders.get(textOf(name)) ?? '' },
    ArcMetadata: { pragma, name: label ?? '' },
  };
}

function allow(name: string, actions: readonly string[], on: Json): Json {
  return {
    PolicyName: name,
    PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: on }] },
  };
}

/** The policies whose names plugins look for. What is added to them is what counts. */
function roleView(resources: Members): Members {
  const hasTables = Object.values(resources).some((each) => membersOf(each)['Type'] === 'AWS::DynamoDB::Table');
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      ManagedPolicyArns: [],
      Policies: [
        allow('ArcGlobalPolicy', ['logs:CreateLogStream', 'logs:PutLogEvents'], 'arn:aws:logs:*:*:*'),
        ...(hasTables ? [allow('ArcDynamoPolicy', ['dynamodb:*'], [])] : []),
      ],
    },
  };
}

/** What a template in that view says, in our terms; texts say what nobody could deploy. Pure. */
export function fromArchitectView(
  changed: Members,
  template: Template,
  folders: ReadonlyMap<string, string>,
): { readonly template: Members; readonly faults: readonly string[] } {
  const own = membersOf(copyOf(template)['Resources']);
  const roles = functionRoles(own);
  const resources = membersOf(changed['Resources']);
  const faults: string[] = [];
  const given = Object.entries(resources).flatMap(([id, resource]) => {
    if (id === commonRole && own[id] === undefined) return [];
    const { ArcMetadata: _own, ...plain } = membersOf(resource);
    if (typeof plain['Type'] !== 'string') faults.push(`left ${id} without a "Type"`);
    const isOurs = membersOf(own[id])['Type'] === functionType && plain['Type'] === samFunction;
    const told = isOurs ? fromSam(id, plain, faults) : plain;
    if (isOurs && codeUriOf(resource) !== codeUriOf(viewOf(membersOf(own[id]), folders))) {
      faults.push(`set "CodeUri" of ${id}, whose code is built from its folder; set.runtimes names another`);
    }
    return [[id, membersOf(withRoles(told, roles))] as const];
  });
  const spread = spreadRole(Object.fromEntries(given), { roles, role: resources[commonRole], own });
  const isSam = Object.values(spread).some((each) => textOf(membersOf(each)['Type']).startsWith('AWS::Serverless::'));
  const transform = isSam && changed['Transform'] === undefined ? { Transform: samTransform } : {};
  return { template: { ...changed, ...transform, Resources: spread }, faults };
}

function codeUriOf(resource: Json | undefined): Json | undefined {
  return membersOf(membersOf(resource)['Properties'])['CodeUri'];
}

/** Settings of SAM's functions that Lambda's do not have. */
const onlySam = ['AutoPublishAlias', 'DeadLetterQueue', 'Events', 'EventInvokeConfig', 'FunctionUrlConfig', 'Policies'];

function fromSam(id: string, resource: Members, faults: string[]): Members {
  const { CodeUri: _folder, Tracing, ...properties } = membersOf(resource['Properties']);
  for (const name of onlySam) if (name in properties) faults.push(`set "${name}" of ${id}, which only SAM knows`);
  const tracing = Tracing === undefined ? {} : { TracingConfig: { Mode: Tracing } };
  return { ...resource, Type: functionType, Properties: { ...properties, ...tracing } };
}

/** The ids of the roles of an app's functions; the one that serves files is ours alone. */
function functionRoles(resources: Members): readonly string[] {
  const ids = Object.values(resources).flatMap((each) => {
    const resource = membersOf(each);
    const { name } = membersOf(membersOf(resource['Metadata'])['Furrow']);
    const get = membersOf(membersOf(resource['Properties'])['Role'])['Fn::GetAtt'];
    const [id] = Array.isArray(get) ? get : [];
    return resource['Type'] === functionType && name !== 'static' && typeof id === 'string' ? [id] : [];
  });
  return [...new Set(ids)];
}

/** What names the common role names those of the functions: in a list all of them, elsewhere the first. */
function withRoles(value: Json, roles: readonly string[], key = ''): Json {
  const [first] = roles;
  if (first === undefined) return value;
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    if (key === 'Fn::GetAtt' && list[0] === commonRole) return [first, ...list.slice(1)];
    const isListed = (item: Json) => isRef(item) || (key === 'DependsOn' && item === commonRole);
    return list.flatMap((item) => {
      if (!isListed(item)) return [withRoles(item, roles)];
      return roles.map((id) => (typeof item === 'string' ? id : { Ref: id }));
    });
  }
  if (key === 'DependsOn' && value === commonRole) return [...roles];
  if (isRef(value)) return { Ref: first };
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withRoles(member, roles, name)]));
}

function isRef(value: Json): boolean {
  return isRecord(value) && value['Ref'] === commonRole && Object.keys(value).length === 1;
}

/** Gives each role what was added to the common one. */
function spreadRole(
  resources: Members,
  { roles, role, own }: { readonly roles: readonly string[]; readonly role: Json | undefined; readonly own: Members },
): Members {
  const properties = membersOf(membersOf(role)['Properties']);
  const usual = listOf(membersOf(roleView(own)['Properties'])['Policies']).map((policy) => JSON.stringify(policy));
  const policies = listOf(properties['Policies']).filter((policy) => !usual.includes(JSON.stringify(policy)));
  const managed = listOf(properties['ManagedPolicyArns']);
  if (policies.length + managed.length === 0) return resources;
  const grown = roles.map((id) => {
    const resource = membersOf(resources[id]);
    const before = membersOf(resource['Properties']);
    const added = {
      ...(policies.length > 0 && { Policies: [...listOf(before['Policies']), ...policies] }),
      ...(managed.length > 0 && { ManagedPolicyArns: [...listOf(before['ManagedPolicyArns']), ...managed] }),
    };
    return [id, { ...resource, Properties: { ...before, ...added } }] as const;
  });
  return { ...resources, ...Object.fromEntries(grown) };
}

function membersOf(value: Json | undefined): Members {
  return isRecord(value) ? value : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The same as JSON holds it: nobody else has it, and nothing in it is anything else. */
export function copyOf(value: unknown): Members {
  const copy: Json = JSON.parse(JSON.stringify(value));
  return membersOf(copy);
}
