import { libraryMissingFix } from '@furrow/manifest';
import { UserError } from '@furrow/protocol';

export const errors = {
  portInvalid: (name: string, text: string) =>
    new UserError({
      code: 'PORT_INVALID',
      message: `${name} is "${text}"; expected a whole number from 0 to 65535.`,
      fix: `Leave ${name} out, or set it to a free port such as 3333.`,
    }),
  timeLimitInvalid: (flag: string, text: string, shortestSeconds: number, longestSeconds: number) =>
    new UserError({
      code: 'TIME_LIMIT_INVALID',
      message: `${flag} is "${text}"; expected seconds from ${shortestSeconds} to ${longestSeconds}, which is what AWS has.`,
      fix: `Leave ${flag} out, or set it to fewer seconds, such as 5 or 0.5.`,
    }),
  shuffleSeedInvalid: (text: string) =>
    new UserError({
      code: 'SHUFFLE_SEED_INVALID',
      message: `The seed of --shuffle is "${text}"; expected a whole number from 0 to 4294967295.`,
      fix: 'Leave the seed out, or take the one that an earlier run printed.',
    }),
  tablesFailed: (why: string) =>
    new UserError({
      code: 'TABLES_FAILED',
      message: `The tables of @tables could not be made: ${why}`,
      fix: 'Look at the keys and indexes of that table in the manifest, or at the database that --external-db names.',
    }),
  tablesDataUnusable: (folder: string, cause: unknown) =>
    new UserError({
      code: 'TABLES_DATA_UNUSABLE',
      message: `The folder ${folder} for the items of tables cannot be used.`,
      fix: 'Stop the other sandbox of this app, or start without --persist. What is broken for good can be removed with its folder.',
      cause,
    }),
  tablesDataDamaged: (file: string, line: number, cause: unknown) =>
    new UserError({
      code: 'TABLES_DATA_DAMAGED',
      message: `Line ${line} of ${file}, where the items of tables are kept, is damaged.`,
      fix: 'Remove that line, and its change is lost; or move the file away, and tables begin empty.',
      cause,
    }),
  externalDbInvalid: (text: string) =>
    new UserError({
      code: 'EXTERNAL_DB_INVALID',
      message: `The external database is "${text}"; expected a URL.`,
      fix: 'Name it with its port, such as --external-db http://localhost:8000.',
    }),
  externalDbUnreachable: (url: string, cause: unknown) =>
    new UserError({
      code: 'EXTERNAL_DB_UNREACHABLE',
      message: `No DynamoDB answers at ${url}.`,
      fix: 'Start it, or leave out --external-db: then the sandbox has a database of its own.',
      cause,
    }),
  seedUnreadable: (file: string, cause?: unknown) =>
    new UserError({
      code: 'SEED_UNREADABLE',
      message: `The items of ${file} cannot be read${cause instanceof Error ? `: ${cause.message}` : ''}.`,
      fix:
        libraryMissingFix(cause) ?? 'Make it JSON, or a module that exports { table: [items] }, or take the file away.',
      cause,
    }),
};
