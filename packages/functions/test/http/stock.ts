import { createRequire } from 'node:module';
import type { Http } from '../../src/index.ts';

interface Library {
  readonly http: Http;
}

// Both refuse to be loaded where they do not know the stage.
process.env['ARC_ENV'] ??= 'testing';
// As the sandbox and AWS have it; without it stock has no sessions.
process.env['ARC_SESSION_TABLE_NAME'] ??= 'jwe';
const load = createRequire(import.meta.url);

/** Architect's own library, as people have it installed. */
export const stock8: Library = load('architect-functions');
export const stock5: Library = load('architect-functions-5');
