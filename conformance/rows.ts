import { connectRows } from './cases/connect.ts';
import { managementRows } from './cases/management.ts';
import { managementRefusalRows } from './cases/management-refusals.ts';
import { sdkRows } from './cases/sdks.ts';
import type { Row } from './row.ts';

/** The table, in the order of its ids. */
export const rows: readonly Row[] = [...connectRows, ...managementRows, ...managementRefusalRows, ...sdkRows].toSorted(
  (a, b) => (a.id < b.id ? -1 : 1),
);
