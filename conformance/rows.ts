import { authorizerRows } from './cases/authorizer.ts';
import { connectRows } from './cases/connect.ts';
import { connectDoorRows } from './cases/connect-doors.ts';
import { connectResultRows } from './cases/connect-results.ts';
import { controlFrameRows } from './cases/control-frames.ts';
import { deadlineRows } from './cases/deadlines.ts';
import { disconnectRows } from './cases/disconnect.ts';
import { eventRows } from './cases/events.ts';
import { lambdaRows } from './cases/lambda.ts';
import { limitRows } from './cases/limits.ts';
import { managementRows } from './cases/management.ts';
import { managementRefusalRows } from './cases/management-refusals.ts';
import { messageRows } from './cases/messages.ts';
import { routingRows } from './cases/routing.ts';
import { sdkRows } from './cases/sdks.ts';
import { templateRows } from './cases/template.ts';
import type { Row } from './row.ts';

/** The table, in the order of its ids. */
export const rows: readonly Row[] = [
  ...connectResultRows,
  ...connectRows,
  ...connectDoorRows,
  ...disconnectRows,
  ...deadlineRows,
  ...authorizerRows,
  ...eventRows,
  ...routingRows,
  ...messageRows,
  ...limitRows,
  ...controlFrameRows,
  ...managementRows,
  ...managementRefusalRows,
  ...sdkRows,
  ...lambdaRows,
  ...templateRows,
].toSorted((a, b) => (a.id < b.id ? -1 : 1));
