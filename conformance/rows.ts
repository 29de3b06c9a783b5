import { connectRows } from './cases/connect.ts';
import { lambdaRows } from './cases/lambda.ts';
import { managementRows } from './cases/management.ts';
import { managementRefusalRows } from './cases/management-refusals.ts';
import { sdkRows } from './cases/sdks.ts';
import { templateRows } from './cases/template.ts';
import type { Row } from './row.ts';

/** The table, in the order of its ids. */
export const rows: readonly Row[] = [
  ...connectRows,
  ...managementRows,
  ...managementRefusalRows,
  ...sdkRows,
  ...lambdaRows,
  ...templateRows,
].toSorted((a, b) => (a.id < b.id ? -1 : 1));
