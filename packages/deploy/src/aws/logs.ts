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

  const readLines = async (group: string, { sinceMs, most }: Parameters<Logs['lines']>[1]) => {
    const lines: LogLine[] = [];
    let token: string | undefined;
    // A page may be empty and yet have a next one.
    do {
      const page = await client.send(
        new FilterLogEventsCommand({
          logGroupName: group,
          startTime: sinceMs,
          limit: Math.min(most - lines.length, mostPerCall),
          ...(token === undefined ? {} : { nextToken: token }),
        }),
      );
      for (const { eventId = '', timestamp = 0, logStreamName = '', message = '' } of page.events ?? []) {
        lines.push({ id: eventId, atMs: timestamp, group, stream: logStreamName, text: message });
      }
      token = page.nextToken;
    } while (token !== undefined && lines.length < most);
    return lines;
  };

  return {
    async lines(group, options) {
      try {
        return await readLines(group, options);
      } catch (error) {
        if (refusalOf(error)?.name === 'ResourceNotFoundException') return [];
        throw error;
      }
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
