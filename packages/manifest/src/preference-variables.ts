import type { Item, Place } from './tree.ts';

/** Something in a file of preferences that has no effect. */
export interface PreferenceFault {
  /** The file as a person knows it: `preferences.arc`, `~/.prefs.arc`. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** One sentence. */
  readonly message: string;
}

export type Say = (at: Place, message: string) => void;

const stages = ['testing', 'staging', 'production'];

/** The variables of `@env`, by stage; a stage that is not there has none. */
export type StageVariables = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads `@env`. Several words are one value, as in Architect; a number stays as it is written. */
export function readVariables(items: readonly Item[], say: Say): StageVariables {
  const byStage: Record<string, Record<string, string>> = {};
  for (const { words, children } of items) {
    const [{ text: stage, at }] = words;
    if (!stages.includes(stage) || words.length > 1) {
      say(at, `"${stage}" of @env is left out: variables stand below testing, staging or production.`);
      continue;
    }
    byStage[stage] = readStage(children, say);
  }
  return byStage;
}

function readStage(items: readonly Item[], say: Say): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { words } of items) {
    const [name, ...values] = words;
    if (name.text.includes('=')) {
      // What follows may be a secret.
      say(
        name.at,
        `"${name.text.split('=', 1).join('')}" of @env is left out: a space, not "=", stands before a value.`,
      );
    } else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text)) {
      say(name.at, `"${name.text}" of @env is left out: names have letters, digits and "_", and begin with no digit.`);
    } else if (values.length === 0) say(name.at, `"${name.text}" of @env is left out: it has no value.`);
    else variables[name.text] = values.map(({ text }) => text).join(' ');
  }
  return variables;
}
