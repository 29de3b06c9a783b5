import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import type { Emulator } from './emulator.ts';
import { openTemporaryFolder } from '../support/temporary-folder.ts';

export interface SecureFront extends AsyncDisposable {
  /** What Chromium needs to find every address of AWS here, and not to ask who signed the certificate. */
  readonly browserFlags: readonly string[];
}

const curve = 'ec -pkeyopt ec_paramgen_curve:prime256v1';

/** Opens a port that speaks TLS and hands what it hears to the emulator: `https:` and `wss:` addresses work as printed. */
export async function openSecureFront(emulator: Emulator): Promise<SecureFront> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer(await makeCertificate(), (client) => {
    const inner = connect(emulator.port, '127.0.0.1');
    for (const [from, to] of [[client, inner] as const, [inner, client] as const]) {
      keep(from);
      // One side has gone, so the other goes.
      from.once('error', () => to.destroy()).once('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    browserFlags: [
      `--host-resolver-rules=MAP *.amazonaws.com 127.0.0.1:${port}`,
      '--ignore-certificate-errors',
      '--no-proxy-server',
    ],
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** A key of the moment, and a certificate that nobody but it has signed. */
async function makeCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  await using folder = await openTemporaryFolder();
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder.path, name)) as [string, string];
  const line = `req -x509 -nodes -days 1 -subj /CN=amazonaws.com -newkey ${curve}`;
  await promisify(execFile)('openssl', [...line.split(' '), '-keyout', key, '-out', cert]);
  return { key: await folder.read('key.pem'), cert: await folder.read('cert.pem') };
}
