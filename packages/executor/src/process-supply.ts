import type { Clock, OnEvent } from '@furrow/protocol';
import { startHandlerProcess, type HandlerProcess } from './handler-process.ts';
import type { Manage } from './pipe/management.ts';

export interface ProcessSupplyOptions {
  /** The built bootstrap, an absolute path. */
  readonly bootstrapFile: string;
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
  readonly process: HandlerProcess;
  readonly assign: (owner: Owner) => void;
}

/** A start right after a start would slow down the one that somebody waits for. */
const spareDelayMs = 50;

export function openProcessSupply({ onEvent, ...options }: ProcessSupplyOptions): ProcessSupply {
  const processes = new Set<HandlerProcess>();
  let spare: Started | undefined;
  let isClosed = false;

  function start(): Started {
    let owner: Owner | undefined;
    const facts = () => ({ atMs: options.clock.now(), functionName: owner?.functionName ?? '' });
    const process = startHandlerProcess({
      ...options,
      onOutput: (stream, text) => onEvent({ type: 'output', ...facts(), stream, text }),
      onStray: (failure) => onEvent({ type: 'stray', ...facts(), failure }),
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
      process,
      assign(found) {
        owner = found;
      },
    };
  }

  /** A process that has the runtime loaded already, so that a cold start costs only the handler's own load. */
  function keepSpare(): void {
    if (!isClosed && spare?.process.isUsable !== true) spare = start();
  }

  keepSpare();
  return {
    take(owner) {
      if (isClosed) throw new Error('Nothing starts after close.');
      const { process, assign } = spare?.process.isUsable === true ? spare : start();
      spare = undefined;
      setTimeout(keepSpare, spareDelayMs).unref();
      assign(owner);
      return process;
    },
    async close() {
      isClosed = true;
      await Promise.all(Array.from(processes, (process) => process.end(0)));
    },
  };
}
