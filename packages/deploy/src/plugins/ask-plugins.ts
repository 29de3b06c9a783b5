import { resolve } from 'node:path';
import { logicalId, noPlugins, serviceValues, type App, type AppPlugins, type PluginHook } from '@furrow/manifest';
import { errors } from '../errors.ts';
import type { OnDeployEvent } from '../operations/deploy-event.ts';
import type { Target } from '../target.ts';
import { createTemplate } from '../template/create-template.ts';
import { staticFunctionName, type Template } from '../template/template.ts';
import { architectView, copyOf, fromArchitectView } from './architect-view.ts';
import { publishAnew } from './publish-anew.ts';
import { renameIds } from './rename-ids.ts';
import { applyChange, findChange, isRecord } from './template-change.ts';

export interface PluginsTask {
  readonly app: App;
  /** Absolute. */
  readonly projectDir: string;
  readonly target: Target;
  /** @default none */
  readonly plugins?: AppPlugins | undefined;
  /** Whether nothing will be sent. */
  readonly isDryRun: boolean;
  readonly onEvent: OnDeployEvent;
}

/** What plugins make of a template. */
export interface TemplateChange {
  /** @throws {PLUGIN_TEMPLATE} when they change what this template does not have. */
  apply(template: Template): Template;
  readonly isNothing: boolean;
}

const noChange: TemplateChange = { apply: (template) => template, isNothing: true };
const noCode = { key: '', sha256: '', handler: '' };

/**
 * Runs `deploy.start` and `deploy.services`, once for a deploy, before code is built: a plugin may be what makes it.
 *
 * They see a template without the code of functions and without what an earlier deploy has settled; what they do to it is
 * done to the one that is sent.
 *
 * @throws {PLUGIN_FAILED} when one throws.
 * @throws {PLUGIN_HOOK} {PLUGIN_TEMPLATE} when what one gives is of no use.
 */
export async function askPlugins(task: PluginsTask): Promise<TemplateChange> {
  const { app, target, plugins = noPlugins } = task;
  const start = plugins.hooks('deploy.start');
  const services = plugins.hooks('deploy.services');
  if (start.length + services.length === 0) return noChange;
  const code = new Map([...app.functions.map(({ name }) => name), staticFunctionName].map((name) => [name, noCode]));
  const template = createTemplate({ app, target, code, variables: [] });
  let cloudformation: Readonly<Record<string, unknown>> = viewOf(template, task);
  const readBack = (changed: unknown) => fromArchitectView(copyOf(changed), template, foldersOf(task));
  for (const hook of start) {
    // oxlint-disable-next-line no-await-in-loop -- each changes what the one before it has left
    cloudformation = resultOf(hook, await runHook(hook, { cloudformation }, task)) ?? cloudformation;
    const [fault] = readBack(templateOf(hook, cloudformation)).faults;
    if (fault !== undefined) throw hook.refuse(fault);
  }
  const parameters: Record<string, unknown> = {};
  for (const hook of services) {
    // oxlint-disable-next-line no-await-in-loop
    const given = serviceValues(hook, await runHook(hook, { cloudformation }, task));
    for (const { name, value } of given) {
      parameters[parameterId(name)] = asJson(hook, parameterOf(name, value), `gave a value of "${name}"`);
    }
    templateOf(hook, cloudformation);
  }
  const changed = copyOf(cloudformation);
  const read = readBack({ ...changed, Resources: { ...copyOf(changed['Resources']), ...parameters } });
  const [before, after] = [template, read.template].map((each) => JSON.stringify(each));
  if (findChange(copyOf(template), read.template) === undefined) return noChange;
  return {
    isNothing: false,
    apply(final) {
      const rename = renameIds(template, final);
      const [was, is] = [before, after].map((text = '') => copyOf(JSON.parse(rename(text))));
      const change = findChange(was, is);
      return change === undefined ? final : publishAnew(final, checked(applyChange(copyOf(final), change)));
    },
  };
}

/** Runs hooks that give nothing, and see the template that was sent. @throws {PLUGIN_FAILED} */
export async function tellPlugins(
  name: 'deploy.target' | 'deploy.end',
  task: PluginsTask,
  templateText: string,
): Promise<void> {
  const { plugins = noPlugins } = task;
  for (const hook of plugins.hooks(name)) {
    // oxlint-disable-next-line no-await-in-loop -- in the order of @plugins
    await runHook(hook, { cloudformation: viewOf(asTemplate(JSON.parse(templateText)), task) }, task);
  }
}

/** Whether plugins bring the app to where it runs, and CloudFormation does not. */
export function hasTarget({ plugins = noPlugins }: Pick<PluginsTask, 'plugins'>): boolean {
  return plugins.hooks('deploy.target').length > 0;
}

function viewOf(template: Template, task: PluginsTask): Readonly<Record<string, unknown>> {
  return architectView(template, foldersOf(task));
}

function foldersOf({ app, projectDir }: PluginsTask): ReadonlyMap<string, string> {
  return new Map(app.functions.map(({ name, sourceDir }) => [name, resolve(projectDir, sourceDir)]));
}

/** How long a hook may be silent before somebody is told whom they wait for. */
const slowMs = 5000;

/** Says whose hook runs, and again when it is slow: one that never ends is the last that was said. */
async function runHook(
  hook: PluginHook,
  given: Readonly<Record<string, unknown>>,
  task: PluginsTask,
): Promise<unknown> {
  const { target, isDryRun, onEvent } = task;
  const is = { plugin: hook.plugin, hook: hook.name };
  onEvent({ type: 'plugin', ...is });
  const timer = setTimeout(() => onEvent({ type: 'plugin-slow', ...is, seconds: slowMs / 1000 }), slowMs);
  try {
    return await hook.run({ ...given, dryRun: isDryRun, stackName: target.stackName, stage: target.stage });
  } finally {
    clearTimeout(timer);
  }
}

/** A template that a hook gave back; most change the one that they are given. */
function resultOf(hook: PluginHook, result: unknown): Readonly<Record<string, unknown>> | undefined {
  if (result === undefined || result === null) return undefined;
  const isTemplate = typeof result === 'object' && 'Resources' in result;
  if (!isTemplate) throw hook.refuse('gave something else than the template');
  return { ...result };
}

/** A copy of what a hook has left. @throws {PLUGIN_HOOK} when it is no template. */
function templateOf(hook: PluginHook, left: unknown): Readonly<Record<string, unknown>> {
  const copy = asJson(hook, left, 'left a template');
  if (!isRecord(copy['Resources'])) throw hook.refuse('left a template whose "Resources" is no object');
  return copy;
}

function asJson(hook: PluginHook, value: unknown, what: string): ReturnType<typeof copyOf> {
  try {
    return copyOf(value);
  } catch (error) {
    // What V8 draws of a circle below its first line is long.
    const [reason] = String(error).split('\n');
    throw hook.refuse(`${what} that is no JSON (${reason})`);
  }
}

/** `my_plugin/bucket` is `MyPluginBucketParam`, as in Architect. */
function parameterId(name: string): string {
  return `${logicalId(name)}Param`;
}

function parameterOf(name: string, value: unknown): unknown {
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return {
    Type: 'AWS::SSM::Parameter',
    Properties: {
      Type: 'String',
      Name: { 'Fn::Sub': `/\${AWS::StackName}/${name}` },
      Value: isPlain ? String(value) : value,
    },
    Metadata: { Furrow: { part: 'parameter', name: '', label: name } },
  };
}

/** A change that made nothing of what it was made for. */
function checked(template: ReturnType<typeof applyChange>): Template {
  const resources = copyOf(copyOf(template)['Resources']);
  const lost = Object.keys(resources).find((id) => typeof copyOf(resources[id])['Type'] !== 'string');
  if (lost !== undefined) throw errors.pluginTemplate(lost);
  return asTemplate(template);
}

/** Made of a template; what plugins have added is for CloudFormation to judge. */
function asTemplate(value: unknown): Template {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as Template;
}
