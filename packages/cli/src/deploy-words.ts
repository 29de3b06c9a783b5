import type { Stage } from '@furrow/deploy';
import { nearest } from '@furrow/manifest';
import { usageErrors } from './errors.ts';

/** What was typed behind `arc deploy`, understood. */
export interface DeployRequest {
  readonly kind: 'deploy' | 'dirty' | 'static' | 'package';
  readonly stage: Stage;
  /** Words that name functions; for `dirty` only. */
  readonly functions: readonly string[];
  readonly tags: Readonly<Record<string, string>> | undefined;
}

export interface DeployFlags {
  readonly production?: unknown;
  readonly dirty?: unknown;
  readonly direct?: unknown;
  readonly static?: unknown;
  readonly dryRun?: unknown;
  readonly eject?: unknown;
  readonly tags?: unknown;
  readonly prune?: unknown;
  readonly allowDataLoss?: unknown;
}

export const stages = ['staging', 'production'] as const;

/**
 * Words and flags as one request. No word is ever passed over: a typing mistake must not deploy anything.
 *
 * @param suggestFunction the function of the app that a word was probably meant to name.
 * @throws {DEPLOY_WORD} for a word that says nothing here.
 * @throws {DEPLOY_TWICE} for two that contradict each other.
 */
export function readDeployWords(
  words: readonly string[],
  flags: DeployFlags,
  suggestFunction: (word: string) => string | undefined,
): DeployRequest {
  const hasTags = flags.tags !== undefined;
  // A shell-minded person writes --tags one=1 two=2.
  const extraTags = hasTags ? words.filter((word) => word.includes('=')) : [];
  const rest = words.filter((word) => !extraTags.includes(word));
  const isDirty = flags.dirty === true || flags.direct === true || rest.includes('dirty');
  const stage = readStage(rest, flags);
  const functions = rest.filter((word) => word !== 'dirty' && !isStage(word));
  const [first] = functions;
  if (!isDirty && first !== undefined) throw unknownWord(first, suggestFunction(first));
  refuseContradictions(flags, { isDirty, stage, functions });
  return {
    kind: kindOf(flags, isDirty),
    stage,
    functions,
    tags: hasTags ? readTags(flags.tags, extraTags) : undefined,
  };
}

function refuseContradictions(
  flags: DeployFlags,
  { isDirty, stage, functions }: Pick<DeployRequest, 'stage' | 'functions'> & { readonly isDirty: boolean },
): void {
  if (isDirty && stage === 'production') throw usageErrors.deployTwice('dirty', 'production');
  if (isDirty && flags.static === true) throw usageErrors.deployTwice('dirty', '--static');
  if (isDirty) refuseIdle('dirty', flags, ['prune', 'tags', 'allowDataLoss']);
  if (flags.static === true) refuseIdle('--static', flags, ['tags', 'allowDataLoss']);
  // A package is of the whole app.
  const [first] = functions;
  if (first !== undefined && kindOf(flags, isDirty) === 'package') {
    throw usageErrors.deployTwice(`"${first}"`, flags.dryRun === true ? '--dry-run' : '--eject');
  }
}

const spellings = { prune: '--prune', tags: '--tags', allowDataLoss: '--allow-data-loss' } as const;

/** A flag that would do nothing is not passed over. */
function refuseIdle(kind: string, flags: DeployFlags, idle: readonly (keyof typeof spellings)[]): void {
  const typed = idle.find((flag) => flags[flag] !== undefined);
  if (typed !== undefined) throw usageErrors.deployTwice(kind, spellings[typed]);
}

function kindOf(flags: DeployFlags, isDirty: boolean): DeployRequest['kind'] {
  if (flags.dryRun === true || flags.eject === true) return 'package';
  if (isDirty) return 'dirty';
  return flags.static === true ? 'static' : 'deploy';
}

/** The stage that a word or a flag names; staging for none. */
export function readStage(words: readonly string[], flags: Pick<DeployFlags, 'production'>): Stage {
  const named = new Set<Stage>(words.filter(isStage));
  if (flags.production === true) named.add('production');
  if (named.size > 1) throw usageErrors.deployTwice('staging', 'production');
  return [...named][0] ?? 'staging';
}

export function isStage(word: string): word is Stage {
  return stages.some((stage) => stage === word);
}

/** Flags of which people make words. */
const flagWords = ['static', 'prune', 'direct', 'eject', 'dry-run'];

function unknownWord(word: string, functionName: string | undefined): Error {
  const known = flagWords.includes(word) ? `--${word}` : nearest(word, [...stages, 'dirty']);
  const suggestion = known ?? (functionName === undefined ? undefined : `dirty ${quoteForShell(functionName)}`);
  return usageErrors.deployWord(word, suggestion);
}

function quoteForShell(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `"${text}"`;
}

/** `key=value`, once or several times. @throws {OPTION_VALUE} for anything else. */
function readTags(typed: unknown, extra: readonly string[]): Readonly<Record<string, string>> {
  const pairs = [...[typed].flat(), ...extra].map(String);
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usageErrors.optionValue('deploy', `--tags takes key=value, not "${pair}".`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
