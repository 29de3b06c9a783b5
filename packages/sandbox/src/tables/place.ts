import { resolve } from 'node:path';
import type { SandboxPreferences } from '@furrow/manifest';
import { errors } from '../errors.ts';

/** What flags and environment say of the database; `undefined` is nothing. */
export interface TablesSettings {
  readonly persist?: boolean | undefined;
  /** A URL, or `true` for the one that Architect would use. */
  readonly externalDb?: string | true | undefined;
  /** The port of the latter. */
  readonly tablesPort?: number | undefined;
}

/** Where the items of an app's tables are. */
export type TablesPlace =
  | { readonly type: 'memory' }
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'external'; readonly url: string };

/** Where Architect expects a database of others. */
const architectPort = 5555;

/**
 * Flags and environment beat preferences; a database of others keeps its items by itself.
 *
 * @throws {EXTERNAL_DB_INVALID} when the URL is none.
 */
export function tablesPlace(
  settings: TablesSettings,
  preferences: SandboxPreferences,
  projectDir: string,
): TablesPlace {
  const external = settings.externalDb ?? preferences.externalDb;
  if (external !== undefined) {
    const port = settings.tablesPort ?? preferences.tablesPort ?? architectPort;
    return { type: 'external', url: parseUrl(external === true ? `http://localhost:${port}` : external) };
  }
  const isKept = settings.persist ?? preferences.persist ?? false;
  return isKept ? { type: 'folder', path: resolve(projectDir, '.furrow', 'data') } : { type: 'memory' };
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw errors.externalDbInvalid(text);
  return url.href;
}
