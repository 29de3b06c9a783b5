import type { OnEvent } from '@furrow/protocol';
import { startHandlerProcess, type HandlerProcess } from './handler-process.ts';
import type { Manage } from './pipe/management.ts';

export interface ProcessSupplyOptions {
  /** The built bootstrap, an absolute path. */
  readonly bootstrapFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly manage: Manage;
  readonly onEvent: OnEvent;
}

/** All handler processes of one executor, and one more that is ready for whatever function needs it next. */
export interface ProcessSupply {
  /** A process that has loaded no function yet. */
  take(functionName: string, onExit: () => void): HandlerProcess;
  /** Ends all processes, whatever they do; resolves when they are gone. */
  close(): Promise<void>;
}

interface Started {
  readonly process: HandlerProcess;
  /** Whose output it is, once the process belongs to a function. */
  readonly assign: (functionName: string, onExit: () => void) => void;
}

/** A start right after a start would slow down the one that somebody waits for. */
const spareDelayMs = 50;

export function openProcessSupply({ onEvent, ...options }: ProcessSupplyOptions): ProcessSupply {
  const processes = new Set<HandlerProcess>();
  let spare: Started | undefined;
  let isClosed = false;

  function start(): Started {
    let functionName = '';
    let onExit: (() => void) | undefined;
    const process = startHandlerProcess({
      ...options,
      onOutput: (stream, text) => onEvent({ type: 'output', atMs: Date.now(), functionName, stream, text }),
      onStray: (failure) => onEvent({ type: 'stray', atMs: Date.now(), functionName, failure }),
      onExit() {
        processes.delete(process);
        onExit?.();
      },
    });
    processes.add(process);
    return {
      process,
      assign(name, exit) {
        functionName = name;
        onExit = exit;
      },
    };
  }

  /** A process that has the runtime loaded already, so that a cold start costs only the handler's own load. */
  function keepSpare(): void {
    if (!isClosed && spare?.process.isUsable !== true) spare = start();
  }

  keepSpare();
  return {
    take(functionName, onExit) {
      if (isClosed) throw new Error('Nothing starts after close.');
      const { process, assign } = spare?.process.isUsable === true ? spare : start();
      spare = undefined;
      setTimeout(keepSpare, spareDelayMs).unref();
      assign(functionName, onExit);
      return process;
    },
    async close() {
      isClosed = true;
      await Promise.all(Array.from(processes, (process) => process.end(0)));
    },
  };
}
