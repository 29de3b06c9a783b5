import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { setTimeout as delay } from 'node:timers/promises';
import { openClient, type Client, type ClientOptions } from './client/client.ts';
import { openRawClient, type RawClient, type RawOptions } from './client/raw-client.ts';
import { refusal, type Refusal } from './client/refusal.ts';
import { sendRequest, type Answer, type RequestParts } from './client/request.ts';
import type { Stage, Tools } from './target.ts';

/** What a row works with. Everything that it opens is closed when the row ends. */
export interface Kit {
  readonly stage: Stage;
  /** Opens a connection. */
  readonly connect: (options?: ClientOptions) => Promise<Client>;
  /** What a client is told that is not let in. */
  readonly refused: (options?: ClientOptions) => Promise<Refusal>;
  /** A client whose bytes are the row's own. */
  readonly raw: (options?: RawOptions) => Promise<RawClient>;
  /** A connection that functions tell what they get: its id goes into scripts. */
  readonly observer: (options?: ClientOptions) => Promise<Client & { readonly id: string }>;
  /** One request over HTTP to the host of the stage. */
  readonly request: (parts: RequestParts) => Promise<Answer>;
  /** One signed request to `@connections`; `path` follows `/{stage}/@connections/`, escapes untouched. */
  readonly manage: (method: string, path: string, body?: Buffer | string) => Promise<Answer>;
  /** The official client of `@connections`. */
  readonly sdk: (endpoint?: string) => ApiGatewayManagementApiClient;
  /** Waits until what has not come will not come. */
  readonly quiet: () => Promise<void>;
  /** Moves the clock. */
  readonly advance: (ms: number) => Promise<void>;
  /** Moves the clock, or waits where none can be moved. */
  readonly pass: (ms: number) => Promise<void>;
  readonly logs: () => string;
  readonly tools: Tools;
}

export interface KitOptions {
  readonly stage: Stage;
  readonly tools: Tools | undefined;
}

const noTools: Tools = {
  template: () => Promise.reject(new Error('This target makes nothing on this machine.')),
  arc: () => Promise.reject(new Error('This target runs nothing on this machine.')),
};

/** @returns the kit, and what closes all that it has opened. */
export function createKit({ stage, tools }: KitOptions): { readonly kit: Kit; readonly close: () => Promise<void> } {
  const opened: { readonly close: () => unknown }[] = [];
  const keep = <T extends { readonly close: () => unknown }>(one: T): T => {
    opened.push(one);
    return one;
  };

  const connect: Kit['connect'] = async (options = {}) => keep(await openClient(stage, options));
  const request: Kit['request'] = (parts) => sendRequest(stage, parts);
  const kit: Kit = {
    stage,
    connect,
    refused: (options = {}) => refusal(stage, options),
    raw: async (options = {}) => keep(await openRawClient(stage, options)),
    observer: async (options) => {
      const client = await connect(options);
      return Object.assign(client, { id: await client.askId() });
    },
    request,
    manage: (method, path, body) =>
      request({ method, path: `${new URL(stage.managementUrl).pathname}/@connections/${path}`, body, isSigned: true }),
    sdk(endpoint = stage.managementUrl) {
      const client = new ApiGatewayManagementApiClient({
        endpoint,
        region: stage.region,
        credentials: stage.credentials,
        systemClockOffset: stage.now() - Date.now(),
        maxAttempts: 1,
      });
      keep({ close: () => client.destroy() });
      return client;
    },
    quiet: () => delay(stage.quietMs),
    async advance(ms) {
      if (stage.advance === undefined) throw new Error('This stage has no clock that moves.');
      await stage.advance(ms);
    },
    pass: (ms) => stage.advance?.(ms) ?? delay(ms),
    logs: () => stage.logs?.() ?? '',
    tools: tools ?? noTools,
  };
  return {
    kit,
    async close() {
      for (const one of opened.toReversed()) await one.close(); // oxlint-disable-line no-await-in-loop -- the last one first
    },
  };
}
