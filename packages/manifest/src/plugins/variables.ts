import type { Report } from '../report.ts';
import { pluginFaults } from './errors.ts';
import type { Given } from './given-items.ts';
import { isObject } from './hooks.ts';

const stages = ['testing', 'staging', 'production'] as const;

/** Variables that functions get beside the app's own, by stage. */
export type StageVariables = Readonly<Record<(typeof stages)[number], Readonly<Record<string, string>>>>;

/** What an app without plugins has. */
export const noVariables: StageVariables = { testing: {}, staging: {}, production: {} };

/** What `set.env` gave: for every stage, or by the names of stages, which are all that counts then. Values become text. */
export function readVariables(given: readonly Given[], report: Report): StageVariables {
  const variables = { testing: new Map<string, string>(), staging: new Map(), production: new Map() };
  for (const { plugin, hook, fields, at } of given) {
    const isStaged = stages.some((stage) => Object.hasOwn(fields, stage));
    for (const stage of stages) {
      const own = isStaged ? fields[stage] : fields;
      for (const [name, value] of Object.entries(isObject(own) ? own : {})) {
        const why = reasonAgainst(name, variables[stage].has(name));
        if (why === undefined) variables[stage].set(name, textOf(value));
        else if (stage === 'testing' || isStaged) report.add(pluginFaults.pluginHook(at, { name: plugin, hook, why }));
      }
    }
  }
  return {
    testing: Object.fromEntries(variables.testing),
    staging: Object.fromEntries(variables.staging),
    production: Object.fromEntries(variables.production),
  };
}

function reasonAgainst(name: string, isTaken: boolean): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `gave the variable "${name}", which is no name for one`;
  return isTaken ? `gave the variable "${name}", which another plugin has given already` : undefined;
}

function textOf(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : String(value);
}
