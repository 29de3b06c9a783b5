import type { VariableStage } from '@furrow/deploy';
import type { Arguments } from './command.ts';
import { usageErrors } from './errors.ts';
import { describeCount } from './report/units.ts';

/** What was typed behind `arc env`, understood. */
export interface EnvRequest {
  readonly deed: 'list' | 'add' | 'remove' | 'pull';
  /** `undefined`: all of them; for `list` only. */
  readonly stage: VariableStage | undefined;
  readonly name: string | undefined;
  readonly value: string | undefined;
}

/** The stages that variables are for. */
export const variableStages = ['testing', 'staging', 'production'] as const;

/** How many words each deed takes: a name, a value. */
const mostWords = { list: 0, add: 2, remove: 1, pull: 0 } as const;

/** Words and flags as one request. @throws {ENV_WORDS} for anything that says nothing here. */
export function readEnvWords(positional: readonly string[], options: Arguments['options']): EnvRequest {
  const { deed, rest } = readDeed(positional, options);
  const most = mostWords[deed];
  const [name, value] = rest;
  // A word too many may be part of a secret, so it is not repeated.
  if (rest.length > most) {
    throw usageErrors.envWords(`"arc env ${deed}" was given ${describeCount(rest.length - most, 'word')} too many.`);
  }
  const stage = readStage(options['env']);
  if (most > 0 && name === undefined) throw usageErrors.envWords(`"arc env ${deed}" needs a name.`);
  if (most > 0 && stage === undefined) {
    throw usageErrors.envWords(`"arc env ${deed}" needs a stage: --env testing, staging or production.`);
  }
  return { deed, stage, name, value };
}

function readDeed(
  positional: readonly string[],
  options: Arguments['options'],
): { readonly deed: EnvRequest['deed']; readonly rest: readonly string[] } {
  const [isAdding, isRemoving] = [options['add'] === true, options['remove'] === true];
  if (isAdding && isRemoving) throw usageErrors.envWords('--add and --remove do not go together.');
  if (isAdding || isRemoving) return { deed: isAdding ? 'add' : 'remove', rest: positional };
  const [first, ...rest] = positional;
  if (first === undefined) return { deed: 'list', rest: [] };
  // As Architect before version 10: `arc env staging NAME VALUE`.
  if (stageOf(first) !== undefined) {
    throw usageErrors.envWords(`The stage goes behind --env: "--env ${first}".`);
  }
  if (!isDeed(first)) throw usageErrors.envWords(`"${first}" is nothing that "arc env" does.`);
  return { deed: first, rest };
}

function isDeed(word: string): word is EnvRequest['deed'] {
  return Object.hasOwn(mostWords, word);
}

function readStage(typed: unknown): VariableStage | undefined {
  if (typed === undefined) return undefined;
  const stage = stageOf(typed);
  if (stage === undefined) throw usageErrors.envWords('--env takes testing, staging or production.');
  return stage;
}

function stageOf(typed: unknown): VariableStage | undefined {
  return variableStages.find((each) => each === typed);
}
