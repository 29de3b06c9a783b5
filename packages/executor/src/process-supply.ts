import type { Clock, OnEvent } from '@furrow/protocol';
import { startHandlerProcess, type HandlerProcess } from './handler-process.ts';
import type { Manage } from './pipe/management.ts';
import { tooLargeNotice, watchMemory } from './resident-memory.ts';

export interface ProcessSupplyOptions {
  /** The built bootstrap, an absolute path. */
  readonly bootstrapFile: string;
  /** See `pipe/tickets.ts`; an absolute path. */
  readonly ticketFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly manage: Manage;
  readonly onEvent: OnEvent;
  /** Whether handlers stand still between two events, as on Lambda. */
  readonly isFrozen: boolean;
  readonly clock: Clock;
}

/** Whose a process becomes. */
export interface Owner {
  readonly functionName: string;
  /** The Node that runs it, an absolute path. @default the one that runs this */
  readonly nodeFile?: string | undefined;
  onExit(): void;
  /** What has been said already of work that this version of the function leaves behind; added to here. */
  readonly told: Set<string>;
}

/** All handler processes of one executor, and one more that is ready for whatever function needs it next. */
export interface ProcessSupply {
  /** A process that has loaded no function yet. */
  take(owner: Owner): HandlerProcess;
  /** Ends all processes, whatever they do; resolves when they are gone. */
  close(): Promise<void>;
}

interface Started {
  readonly nodeFile: string | undefined;
  readonly process: HandlerProcess;
  readonly assign: (owner: Owner) => void;
}

/** A start right after a start would slow down the one that somebody waits for. */
const spareDelayMs = 50;

export function openProcessSupply({ onEvent, ...options }: ProcessSupplyOptions): ProcessSupply {
  const processes = new Set<HandlerProcess>();
  let spare: Started | undefined;
  let isClosed = false;

  function start(nodeFile: string | undefined): Started {
    let owner: Owner | undefined;
    const facts = () => ({ atMs: options.clock.now(), functionName: owner?.functionName ?? '' });
    const process = startHandlerProcess({
      ...options,
      nodeFile,
      onOutput: (stream, text, requestId) => onEvent({ type: 'output', ...facts(), stream, text, requestId }),
      onStray: (failure) => onEvent({ type: 'stray', ...facts(), failure }),
      onTooLarge(bytes) {
        const { atMs, functionName } = facts();
        onEvent({ type: 'notice', atMs, text: tooLargeNotice(functionName, bytes) });
      },
      onLeftBehind(left) {
        const key = `${left.work} ${left.place}`;
        if (owner === undefined || owner.told.has(key)) return;
        owner.told.add(key);
        onEvent({ type: 'leftBehind', ...facts(), ...left });
      },
      onExit() {
        processes.delete(process);
        owner?.onExit();
      },
    });
    processes.add(process);
    return {
      nodeFile,
      process,
      assign(found) {
        owner = found;
      },
    };
  }

  /** A process that has the runtime loaded already, so that a cold start costs only the handler's own load. */
  function keepSpare(nodeFile: string | undefined): void {
    if (!isClosed && spare?.process.isUsable !== true) spare = start(nodeFile);
  }

  function takeSpare(nodeFile: string | undefined): Started | undefined {
    const found = spare;
    if (found?.process.isUsable !== true) return undefined;
    spare = undefined;
    if (found.nodeFile === nodeFile) return found;
    void found.process.end(0);
    return undefined;
  }

  const endWatch = watchMemory(processes);
  keepSpare(undefined);
  return {
    take(owner) {
      if (isClosed) throw new Error('Nothing starts after close.');
      const { nodeFile } = owner;
      const { process, assign } = takeSpare(nodeFile) ?? start(nodeFile);
      // The next one is likely to be of the same Node.
      setTimeout(keepSpare, spareDelayMs, nodeFile).unref();
      assign(owner);
      return process;
    },
    async close() {
      isClosed = true;
      endWatch();
      await Promise.all(Array.from(processes, (process) => process.end(0)));
    },
  };
}
