import { interpretManifest, type App } from '@furrow/manifest';
import { deployTarget } from '../../src/target.ts';
import { staticFunctionName, type Template, type TemplateInput, type Value } from '../../src/template/template.ts';

/** The app of a manifest, with config files by the folder of their function. */
export async function appOf(text: string, configs: Readonly<Record<string, string>> = {}): Promise<App> {
  const read = await interpretManifest({
    file: 'app.arc',
    text,
    configs: Object.entries(configs).map(([sourceDir, config]) => ({
      sourceDir,
      file: `${sourceDir}/config.arc`,
      text: config,
    })),
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.app;
}

/** What a template is made of, the code of each function made up from its name. */
export function inputOf(app: App, rest: Partial<TemplateInput> = {}): TemplateInput {
  const names = [...app.functions.map(({ name }) => name), staticFunctionName];
  return {
    app,
    target: deployTarget(app.name, 'staging'),
    code: new Map(
      names.map((name) => [
        name,
        { key: `functions/${name}.zip`, sha256: `hash of ${name}`, handler: 'index.handler' },
      ]),
    ),
    variables: [],
    ...rest,
  };
}

/** Every value in a part of a template, parts of parts too. */
export function valuesIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return [value, ...Object.values(value).flatMap(valuesIn)];
}

/** What a part of a template refers to: `Ref`, `Fn::GetAtt`, `${...}` of `Fn::Sub`. */
export function referencesIn(value: unknown): readonly string[] {
  return valuesIn(value).flatMap((each) => {
    if (typeof each !== 'object' || each === null) return [];
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': pattern }: Record<string, unknown> = { ...each };
    const [owner]: unknown[] = Array.isArray(attribute) ? attribute : [];
    const named = [...(typeof pattern === 'string' ? pattern : '').matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(
      ([, name = '']) => name,
    );
    return [Ref, owner, ...named].filter((name) => typeof name === 'string');
  });
}

/** The resources of a type, with their ids. */
export function resourcesOf(template: Template, type: string) {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {}, ...rest }]) => ({ id, properties: Properties, ...rest }));
}

/** The text of an `Fn::Sub`. */
export function textOf(value: Value | undefined): string {
  const text = typeof value === 'object' && 'Fn::Sub' in value ? value['Fn::Sub'] : undefined;
  return typeof text === 'string' ? text : '';
}
