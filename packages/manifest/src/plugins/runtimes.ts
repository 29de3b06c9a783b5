import type { Report } from '../report.ts';
import { isLambdaRuntime } from '../runtimes.ts';
import { pluginFaults } from './errors.ts';
import type { Given } from './given-items.ts';

/** A runtime that a plugin brings. */
export interface PluginRuntime {
  readonly name: string;
  readonly type: (typeof types)[number];
  /** The runtime of Lambda that functions get in its place. */
  readonly baseRuntime: string;
  /** The folder that the plugin builds into, relative to the project; `undefined`: it builds nothing. */
  readonly buildFolder: string | undefined;
  /** Whether functions are built from their sources here all the same. */
  readonly isBuiltHere: boolean;
  /** As the plugin gave it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const types = ['transpiled', 'compiled', 'interpreted'] as const;
const defaultBuildFolder = 'build';
/** What a program that is on its own runs on. */
const defaultBase = 'provided.al2023';

/** What `set.runtimes` gave, by name. A runtime with a fault is left out. */
export function readRuntimes(given: readonly Given[], report: Report): ReadonlyMap<string, PluginRuntime> {
  const runtimes = new Map<string, PluginRuntime>();
  for (const each of given) {
    const { plugin, hook, at } = each;
    const read = readRuntime(each);
    if (typeof read === 'string') report.add(pluginFaults.pluginHook(at, { name: plugin, hook, why: read }));
    else if (runtimes.has(read.name)) {
      const why = `gave the runtime "${read.name}", which another plugin has given already`;
      report.add(pluginFaults.pluginHook(at, { name: plugin, hook, why }));
    } else runtimes.set(read.name, read);
  }
  return runtimes;
}

function readRuntime({ fields }: Given): PluginRuntime | string {
  const { name, baseRuntime, build } = fields;
  if (typeof name !== 'string' || !/^[a-z][\w.-]*$/i.test(name)) return 'gave a runtime without a "name"';
  if (isLambdaRuntime(name)) return `gave the runtime "${name}", which is Lambda's own`;
  const type = types.find((each) => each === fields['type']);
  if (type === undefined) return `gave the runtime "${name}" without a "type": ${types.join(', ')}`;
  const base = typeof baseRuntime === 'string' ? baseRuntime : undefined;
  if (type === 'transpiled' && (base === undefined || !isLambdaRuntime(base))) {
    return `gave the runtime "${name}" without a "baseRuntime" of Lambda, such as nodejs24.x`;
  }
  const folder = typeof build === 'string' ? build : defaultBuildFolder;
  return {
    name,
    type,
    baseRuntime: base ?? defaultBase,
    buildFolder: type === 'interpreted' ? undefined : folder,
    isBuiltHere: isOurs(name, base),
    fields,
  };
}

/** TypeScript for Node.js is built from its sources here, with all that other functions have: shared code, reloading. */
function isOurs(name: string, base: string | undefined): boolean {
  return name === 'typescript' && base?.startsWith('nodejs') === true;
}
