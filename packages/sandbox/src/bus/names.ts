import { createHash } from 'node:crypto';

/** Every account is this one, as for the other local services. */
export const accountId = '123456789012';

/** What a topic, queue or rule is called on AWS, as far as the sandbox makes it up: 80 characters at most. */
export function physicalName(stackName: string, kind: 'Event' | 'Queue' | 'Scheduled', name: string): string {
  const plain = name.replaceAll(/[^a-zA-Z0-9]/g, '');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12).toUpperCase();
  return `${stackName.slice(0, 24)}-${plain.slice(0, 20)}${kind}-${hash}`;
}
