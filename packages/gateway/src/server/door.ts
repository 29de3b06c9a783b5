import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits, type ManagementAnswer, type ManagementRequest, type OnEvent } from '@furrow/protocol';
import { checkAccess, type AccessRules, type Service } from '../core/authorization.ts';
import { isAllowedHost, isLoopbackAddress } from '../core/host.ts';
import {
  connectionsPath,
  errorAnswer,
  forbidden,
  payloadTooLarge,
  managementRequest,
  namesConnections,
  managementResponse,
  type HttpAnswer,
} from '../core/management.ts';
import { localServiceRules } from '../core/local-services.ts';
import { originForm } from '../core/request-form.ts';
import { readBody } from '../http/request-body.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

/** A request for something that only the local machine offers, such as SSM and DynamoDB. */
export interface LocalRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers requests below `/_arc/`; `undefined` means that there is no such service. A promise MUST NOT fail. */
export type LocalService = (request: LocalRequest) => HttpAnswer | Promise<HttpAnswer> | undefined;

export interface DoorOptions {
  readonly stage: string;
  /** What signatures have to be for; `undefined`: any. */
  readonly region: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly access: AccessRules;
  hasWebSockets(): boolean;
  readonly manage: (request: ManagementRequest) => ManagementAnswer;
  readonly localService: LocalService | undefined;
  /** Answers what scripts of the gateway in pages ask, which bear no signature; `false` for all else. */
  readonly answersPages: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  onHttp(request: IncomingMessage, response: ServerResponse): void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly onEvent: OnEvent;
  readonly now: () => number;
}

export interface Door {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

const management = {
  service: 'execute-api',
  /** More than any message may have; up to here a body is read, so that its signature is checked first. */
  maxBodyBytes: 4 * limits.maxMessageBytes,
} as const;

/** Where every request comes in: checks its Host, then knows who answers it. */
export function createDoor(options: DoorOptions): Door {
  const { stage, onEvent, now } = options;

  function isWelcome(request: IncomingMessage): boolean {
    const { host } = request.headers;
    if (isAllowedHost(host, options.allowedHosts)) return true;
    onEvent({
      type: 'refused',
      atMs: now(),
      what: `${request.method} ${request.url}`,
      statusCode: 403,
      why: `Host "${host ?? ''}" is not allowed; --allow-host adds one`,
    });
    return false;
  }

  /** Answers `@connections` and local services; both need a signature. */
  async function privileged(
    request: IncomingMessage,
    response: ServerResponse,
    { service, maxBodyBytes }: { readonly service: Service; readonly maxBodyBytes: number },
    answer: (body: Buffer) => HttpAnswer | Promise<HttpAnswer>,
  ): Promise<void> {
    const read = await readBody(request, maxBodyBytes);
    if (read.type === 'aborted') return;
    if (read.type === 'tooLarge') {
      respond(response, payloadTooLarge);
      return;
    }
    const { body } = read;
    const { path, query } = splitUrl(request.url ?? '');
    const signed = { method: request.method ?? '', path, query, headers: plainHeaders(request), body };
    const isLoopback = isLoopbackAddress(request.socket.remoteAddress ?? '');
    const access = checkAccess(signed, options.access, { service, region: options.region, isLoopback, atMs: now() });
    if (access.type === 'granted') {
      respond(response, await answer(body));
      return;
    }
    const { errorType, message } = access;
    onEvent({ type: 'refused', atMs: now(), what: `${request.method} ${path}`, statusCode: 403, why: errorType });
    respond(response, errorAnswer(403, errorType, message));
  }

  function manage(method: string, connectionId: string, body: Buffer): HttpAnswer {
    const asked = managementRequest(method, connectionId, body);
    return asked === undefined ? forbidden : managementResponse(asked, options.manage(asked));
  }

  function route(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
    const { method = '', url = '/' } = request;
    const { path } = splitUrl(url);
    const target = connectionsPath(path, stage);
    if (target !== undefined) {
      return privileged(request, response, management, (body) => manage(method, target.connectionId, body));
    }
    if (namesConnections(path)) {
      respond(response, forbidden);
      return undefined;
    }
    if (options.answersPages?.(request, response) === true) return undefined;
    const { localService } = options;
    if (localService !== undefined && isLocalService(path, request)) {
      const headers = plainHeaders(request);
      return privileged(request, response, localServiceRules(headers['x-amz-target']), (body) => {
        const asked = { method, path, headers, body: body.toString('utf8') };
        return localService(asked) ?? forbidden;
      });
    }
    if (options.hasWebSockets() && (path === `/${stage}` || path === `/${stage}/`)) {
      respond(response, { statusCode: 426, headers: { Upgrade: 'websocket' }, body: 'Upgrade Required' });
      return undefined;
    }
    options.onHttp(request, response);
    return undefined;
  }

  return {
    request(request, response) {
      request.url = originForm(request.url ?? '/');
      if (!isWelcome(request)) {
        respond(response, forbidden);
        return;
      }
      void route(request, response);
    },
    upgrade(request, socket, head) {
      request.url = originForm(request.url ?? '/');
      if (isWelcome(request)) options.onUpgrade(request, socket, head);
      else refuseUpgrade(socket, { statusCode: 403, body: forbidden.body });
    },
  };
}

/** Below `/_arc/`, or an AWS JSON call to the bare address, as an SDK with only a host makes it. */
function isLocalService(path: string, request: IncomingMessage): boolean {
  return path.startsWith('/_arc/') || (path === '/' && request.headers['x-amz-target'] !== undefined);
}

function splitUrl(url: string): { path: string; query: string } {
  const at = url.indexOf('?');
  return at === -1 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
}

function respond(response: ServerResponse, { statusCode, headers, body }: HttpAnswer): void {
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
