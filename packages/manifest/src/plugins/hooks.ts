import type { UserError } from '@furrow/protocol';
import type { Place } from '../tree.ts';

/** What plugins may do when the app is read. They return at once. */
export const setHooks = [
  'env',
  'runtimes',
  'http',
  'ws',
  'events',
  'queues',
  'scheduled',
  'tables',
  'tables-indexes',
  'tables-streams',
  'customLambdas',
  'shared',
  'views',
  'static',
] as const;

export type SetHook = (typeof setHooks)[number];

/** What plugins may do while a command runs. */
export const commandHooks = [
  'deploy.start',
  'deploy.services',
  'deploy.target',
  'deploy.end',
  'sandbox.start',
  'sandbox.end',
  'sandbox.watcher',
] as const;

export type CommandHook = (typeof commandHooks)[number];

/** One function of a plugin, as it was found. */
export interface FoundHook {
  /** As `@plugins` names it. */
  readonly plugin: string;
  /** `set.http`, `deploy.start` */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** Where the plugin is declared. */
  readonly at: Place;
  readonly call: (input: unknown) => unknown;
}

/** A hook that a command calls. */
export interface PluginHook {
  readonly plugin: string;
  readonly name: CommandHook;
  /** Calls it with `arc`, `inventory` and what is given. @throws {PLUGIN_FAILED} when it throws or rejects. */
  run(given: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The error of a hook that gave something nobody can use. */
  refuse(why: string): UserError;
}

/** The plugins of an app, for commands. */
export interface AppPlugins {
  /** In the order of `@plugins`. */
  readonly names: readonly string[];
  /** Absolute paths of the files that they were loaded from. They are loaded once in a process. */
  readonly files: readonly string[];
  /** In the order of `@plugins`; empty when no plugin has one. */
  hooks(name: CommandHook): readonly PluginHook[];
}

/** What an app without `@plugins` has. */
export const noPlugins: AppPlugins = { names: [], files: [], hooks: () => [] };

/** Whether a value of somebody else's code has members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
