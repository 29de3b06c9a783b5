import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine, Logs } from './aws.ts';
import { first, heard, type Connection } from './connection.ts';
import { refusalOf } from './failure.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html (read 2026-11) */
const mostPerCall = 10_000;

/** What functions have printed. */
export function openLogs(connection: Connection): Logs & Disposable {
  const client = new CloudWatchLogsClient(connection.config);
  client.middlewareStack.add(heard('CloudWatchLogs', connection), first);

  return {
    async page(group, { sinceMs, after }) {
      const command = new FilterLogEventsCommand({
        logGroupName: group,
        startTime: sinceMs,
        limit: mostPerCall,
        ...(after === undefined ? {} : { nextToken: after }),
      });
      const page = await client.send(command).catch((error: unknown) => {
        if (refusalOf(error)?.name === 'ResourceNotFoundException') return undefined;
        throw error;
      });
      const lines = (page?.events ?? []).map(({ eventId = '', timestamp = 0, message = '' }): LogLine => ({
        id: eventId,
        atMs: timestamp,
        group,
        text: message,
      }));
      return { lines, next: page?.nextToken };
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
