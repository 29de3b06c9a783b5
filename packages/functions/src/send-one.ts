import type { HandlerChannel, ManagementRefusal, SendListener } from '@furrow/protocol';
import { atCallSite, captureCallSite, type CallSite, type Entrance } from './errors.ts';

/**
 * Sends by the channel of a handler process. Not an async function: a loop over a room has thousands of sends under way, and
 * collecting what they leave behind was half of such a handler's time.
 */
export function sendByChannel(
  channel: HandlerChannel,
  connectionId: string,
  data: Buffer,
  entrance: Entrance,
): Promise<void> {
  const operation = channel.send(connectionId, data);
  // Looking at the stack costs more than all else that a send does here, and what is sure to arrive cannot fail.
  if (operation === 0) return Promise.resolve();
  const site = captureCallSite(entrance);
  return new Promise((resolve, reject) => {
    channel.whenSent(operation, new PendingSend(connectionId, site, resolve, reject));
  });
}

/** A class and not closures, because there are thousands of them. */
class PendingSend implements SendListener {
  readonly #connectionId: string;
  readonly #site: CallSite;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;

  constructor(connectionId: string, site: CallSite, resolve: () => void, reject: (error: unknown) => void) {
    this.#connectionId = connectionId;
    this.#site = site;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  sent(refusal: ManagementRefusal | undefined): void {
    if (refusal === undefined) this.#resolve();
    else void this.#refuse(refusal);
  }

  async #refuse(refusal: ManagementRefusal): Promise<void> {
    try {
      const { refusedByChannel } = await import('./connections.ts');
      this.#reject(atCallSite(refusedByChannel(refusal, this.#connectionId), this.#site));
    } catch (error) {
      this.#reject(error);
    }
  }
}
