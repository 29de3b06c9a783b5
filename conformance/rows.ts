import { connectRows } from './cases/connect.ts';
import type { Row } from './row.ts';

/** The table, in the order of its ids. */
export const rows: readonly Row[] = [...connectRows].toSorted((a, b) => (a.id < b.id ? -1 : 1));
