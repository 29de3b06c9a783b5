import { openSandbox, sandboxSettings, type SandboxEvent } from '@furrow/sandbox';
import { ownMessage } from './hostile-app.ts';

/** What the process of the sandbox tells its parent. */
export type FromSandbox =
  | { readonly type: 'ready'; readonly url: string; readonly webSocketUrl: string }
  /** Something was reported that no handler of the app did. */
  | { readonly type: 'trouble'; readonly text: string }
  | { readonly type: 'measured'; readonly memory: Memory };

export interface Memory {
  readonly residentBytes: number;
  /** The most that was ever resident. */
  readonly peakBytes: number;
  /** In use after a garbage collection, buffers included. */
  readonly usedBytes: number;
  readonly tcpSockets: number;
}

/** Of our own handlers: some throw or answer nonsense, some hang until they are ended, and many at once find a limit. */
function isOwn(errorType: string, errorMessage: string): boolean {
  return (
    errorMessage === ownMessage ||
    errorType === 'MalformedProxyResponse' ||
    errorType === 'AuthorizerConfigurationException' ||
    errorType === 'Sandbox.Timedout' ||
    errorType === 'Gateway.Timedout' ||
    /timed? ?out/i.test(errorType)
  );
}

/** A process that held too much memory ends as one that was killed, and only a notice says why. */
let lastNotice = '';

function troubleIn(event: SandboxEvent): string | undefined {
  if (event.type === 'notice') lastNotice = `(last notice: ${event.text})`;
  if (event.type === 'refused' || !('durationMs' in event)) return undefined;
  const { failure } = event;
  if (failure === undefined || isOwn(failure.errorType, failure.errorMessage)) return undefined;
  return `${event.type}: ${failure.errorType}: ${failure.errorMessage} ${failure.trace.join(' | ')} ${lastNotice}`;
}

function send(message: FromSandbox): void {
  process.send?.(message);
}

const [projectDir = ''] = process.argv.slice(2);
const sandbox = await openSandbox({
  ...sandboxSettings({ port: '0' }, {}),
  projectDir,
  env: process.env,
  isWatching: false,
  onEvent(event) {
    const text = troubleIn(event);
    if (text !== undefined) send({ type: 'trouble', text });
  },
});
process.on('warning', (warning) => send({ type: 'trouble', text: `warning: ${warning.stack ?? warning.message}` }));
let isClosing = false;
process.on('message', (message) => {
  if (message === 'measure') {
    send({ type: 'measured', memory: measure() });
    return;
  }
  isClosing = true;
  // What comes after it has ended is the parent's to see: nothing should keep the process alive.
  void sandbox.close(500).then(() => process.disconnect());
});
// The parent was stopped in the middle: nobody is left to be served.
process.on('disconnect', () => {
  if (!isClosing) void sandbox.close(0).then(() => process.exit());
});
await sandbox.built;
send({ type: 'ready', url: sandbox.url, webSocketUrl: sandbox.webSocketUrl ?? '' });

function measure(): Memory {
  // The last resort also gives back to the system what it has freed.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    residentBytes: rss,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    usedBytes: heapUsed + external,
    tcpSockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
  };
}
