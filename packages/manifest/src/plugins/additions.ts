import type { Pragma } from '../tree.ts';
import type { Given } from './given-items.ts';
import type { PluginRuntime } from './runtimes.ts';
import { noVariables, type StageVariables } from './variables.ts';

/** What plugins make of a manifest. */
export interface Additions {
  /** Those of the manifest, with what plugins gave among their lines. */
  readonly pragmas: readonly Pragma[];
  /** Lines as of a pragma, for functions that nothing but plugins and other code invokes. */
  readonly customLambdas: Pragma | undefined;
  /** What plugins gave as functions, by what those are known by: `ws/join`, `http get /`. */
  readonly configs: ReadonlyMap<string, Given>;
  readonly runtimes: ReadonlyMap<string, PluginRuntime>;
  readonly variables: StageVariables;
}

/** What an app without plugins has. */
export function noAdditions(pragmas: readonly Pragma[]): Additions {
  return { pragmas, customLambdas: undefined, configs: new Map(), runtimes: new Map(), variables: noVariables };
}
