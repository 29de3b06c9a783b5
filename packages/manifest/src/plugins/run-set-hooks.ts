import type { Report } from '../report.ts';
import { pluginFaults } from './errors.ts';
import type { Given } from './given-items.ts';
import { isObject, type FoundHook, type SetHook } from './hooks.ts';
import { beginPlugin } from './running.ts';

/** Calls the hooks of one name, in the order of `@plugins`. What one gives is an object, or a list of them. */
export function runSetHooks(
  hooks: readonly FoundHook[],
  name: SetHook,
  { input, report }: { readonly input: () => unknown; readonly report: Report },
): readonly Given[] {
  return hooks
    .filter((hook) => hook.name === `set.${name}`)
    .flatMap((hook) => {
      const results = callSetHook(hook, input(), report);
      return results.map((fields) => ({ plugin: hook.plugin, hook: hook.name, fields, at: hook.at }));
    });
}

function callSetHook(hook: FoundHook, input: unknown, report: Report): readonly Readonly<Record<string, unknown>>[] {
  const { plugin, name, file, at } = hook;
  let result: unknown;
  const end = beginPlugin({ plugin, hook: name, file });
  try {
    result = hook.call(input);
  } catch (error) {
    report.add(pluginFaults.pluginFailed(at, { name: plugin, what: `failed in ${name} (${file})`, error }));
    return [];
  } finally {
    end();
  }
  if (result instanceof Promise) {
    // It was called in vain; what becomes of it is not looked at.
    result.catch(() => {});
    report.add(
      pluginFaults.pluginHook(at, { name: plugin, hook: name, why: 'gives a promise, and has to return at once' }),
    );
    return [];
  }
  const results: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (results.every(isObject)) return results;
  const why = result === undefined ? 'returned nothing' : 'returned something else than an object or a list of objects';
  report.add(pluginFaults.pluginHook(at, { name: plugin, hook: name, why }));
  return [];
}
