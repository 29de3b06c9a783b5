import { randomBytes } from 'node:crypto';
import { signedHeaders } from '@furrow/protocol';
import { errors } from './errors.ts';

/** What to hand to a running sandbox. */
export interface Invocation {
  readonly port: number;
  /** `scheduled/daily`, `events/likes` */
  readonly functionName: string;
  /** JSON text. */
  readonly message: string;
}

/** Which signatures the sandbox asks of its local services. */
const service = 'ssm';

/**
 * Hands a message to a function of the sandbox on this machine; resolves once the sandbox has it.
 *
 * @throws {SANDBOX_UNREACHABLE} when nothing answers at the port.
 * @throws {INVOKE_UNKNOWN} when the app has no such event, queue or schedule.
 * @throws {INVOKE_REFUSED} when the sandbox does not take it.
 */
export async function invokeInSandbox({ port, functionName, message }: Invocation): Promise<void> {
  const host = `localhost:${port}`;
  const path = `/_arc/invoke/${functionName}`;
  const body = Buffer.from(message);
  // Nobody knows this key, and that is enough from this machine.
  const credentials = { accessKeyId: 'AKIAARCINVOKE', secretAccessKey: randomBytes(30).toString('base64url') };
  const signable = { method: 'POST', path, query: '', headers: { host }, body };
  const headers = signedHeaders(signable, { credentials, region: 'us-west-2', service, atMs: Date.now() });
  const response = await fetch(`http://${host}${path}`, { method: 'POST', headers, body }).catch((cause: unknown) => {
    throw errors.sandboxUnreachable(port, cause);
  });
  const text = await response.text();
  if (response.status === 404) throw errors.invokeUnknown(functionName, knownIn(text));
  if (response.status !== 202) throw errors.invokeRefused(functionName, `${response.status} ${text}`.trim());
}

function knownIn(text: string): readonly string[] {
  try {
    const { known }: { known?: unknown } = JSON.parse(text);
    return Array.isArray(known) ? known.map(String) : [];
  } catch {
    // Something else than a sandbox answers there: it knows none.
    return [];
  }
}
