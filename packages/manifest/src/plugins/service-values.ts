import { isObject, type PluginHook } from './hooks.ts';

/** A value that `arc.services()` holds: `routes/bucket`, below the stack's name. */
export interface ServiceValue {
  readonly name: string;
  readonly value: unknown;
}

/**
 * What `deploy.services` of a plugin gives, by the names of its parameters. Nothing is nothing.
 *
 * @throws {PLUGIN_HOOK} when it is no object, or a name is none that a parameter may have.
 */
export function serviceValues(hook: PluginHook, given: unknown): readonly ServiceValue[] {
  if (given === undefined || given === null) return [];
  if (!isObject(given) || Array.isArray(given)) throw hook.refuse('gave something else than an object of values');
  const folder = serviceName(hook.plugin);
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return entries.map(([key, value]) => {
    if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(key)) throw hook.refuse(`gave "${key}", which is no name for a parameter`);
    return { name: `${folder}/${key}`, value };
  });
}

/** What a plugin is called in `arc.services()`, as in Architect: `my-plugin` is `my_plugin`, `own/it` is `own-it`. */
function serviceName(plugin: string): string {
  return plugin.replace(/^@/, '').replaceAll(/[-.]/g, '_').replaceAll(/[/\\]/g, '-');
}
