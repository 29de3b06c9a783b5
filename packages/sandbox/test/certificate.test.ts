import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { loadCertificate, type KeptCertificate } from '../src/certificate.ts';
import { trustVariables } from '../src/trust.ts';

const dayMs = 24 * 60 * 60_000;
const nowMs = Date.now();

async function load(folders: readonly string[], more: { names?: readonly string[]; nowMs?: number } = {}) {
  const certificate = await loadCertificate({ folders, names: [], nowMs, ...more });
  if (certificate === undefined) throw new Error('Expected a certificate.');
  return certificate;
}

function names({ cert }: KeptCertificate, name: string): boolean {
  const certificate = new X509Certificate(cert);
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
}

/** A client that trusts the authority takes the certificate. */
async function isTaken({ key, cert, authority }: KeptCertificate, host: string): Promise<boolean> {
  const server = createServer({ key, cert }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  const client = connect({ port: address.port, host: '127.0.0.1', ca: authority, servername: host });
  const taken = await new Promise<boolean>((resolve) => {
    client.on('secureConnect', () => resolve(true)).on('error', () => resolve(false));
  });
  client.destroy();
  server.close();
  return taken;
}

test('is made on first use, and is good for this machine for a year', async () => {
  await using home = await openTemporaryFolder();
  const folder = join(home.path, 'new');
  const certificate = await load([folder], { names: ['furrow.test', '192.0.2.7'] });
  for (const name of ['127.0.0.1', '::1', '192.0.2.7']) expect(names(certificate, name), name).toBe(true);
  for (const name of ['localhost', 'furrow.test']) expect(await isTaken(certificate, name), name).toBe(true);
  expect(await isTaken(certificate, 'example.com')).toBe(false);
  const { subjectAltName, validFrom, validTo } = new X509Certificate(certificate.cert);
  expect(subjectAltName).toContain('DNS:*.localhost');
  expect(Date.parse(validTo) - Date.parse(validFrom)).toBe(365 * dayMs);
  expect(Date.parse(validTo) - nowMs).toBeGreaterThan(360 * dayMs);
  expect(await readFile(certificate.authorityFile, 'utf8')).toBe(certificate.authority);
  expect(await load([folder], { names: ['192.0.2.7'] })).toEqual(certificate);
});

test('nobody can make another of its authority, and only the user can read its key', async (context) => {
  await using home = await openTemporaryFolder();
  const certificate = await load([home.path]);
  const [folder = ''] = await readdir(home.path);
  const texts = await Promise.all(
    (await readdir(join(home.path, folder))).map((name) => home.read(join(folder, name))),
  );
  expect(texts.filter((text) => text.includes('PRIVATE KEY'))).toEqual([certificate.key]);
  const authority = new X509Certificate(certificate.authority);
  expect(new X509Certificate(certificate.cert).checkIssued(authority)).toBe(true);
  expect(authority.ca).toBe(true);
  if (process.platform === 'win32') context.skip('this system has no file modes');
  const mode = async (...path: readonly string[]) => (await stat(join(home.path, folder, ...path))).mode & 0o777;
  expect([await mode(), await mode('key.pem')]).toEqual([0o700, 0o600]);
});

test('two that start at once have the same', async () => {
  await using home = await openTemporaryFolder();
  const all = await Promise.all([1, 2, 3].map(() => load([home.path])));
  expect(new Set(all.map(({ cert }) => cert)).size).toBe(1);
  expect(await readdir(home.path)).toEqual(['certificate-1']);
});

describe('is made anew', () => {
  test.for<{ why: string; names?: readonly string[]; afterDays?: number; isNew: boolean }>([
    { why: 'not while it has more than a month', afterDays: 330, isNew: false },
    { why: 'when it ends within a month', afterDays: 335, isNew: true },
    { why: 'when the clock was wrong', afterDays: -2, isNew: true },
    { why: 'when it lacks a name', names: ['other.test'], isNew: true },
  ])('$why', async ({ names: asked = ['furrow.test'], afterDays = 0, isNew }) => {
    await using home = await openTemporaryFolder();
    const first = await load([home.path], { names: ['furrow.test', '2001:db8::7'] });
    const second = await load([home.path], { names: asked, nowMs: nowMs + afterDays * dayMs });
    expect(second.cert !== first.cert).toBe(isNew);
    // Others that run with the first go on.
    expect(await readFile(first.authorityFile, 'utf8')).toBe(first.authority);
    for (const name of [...asked, 'furrow.test', '2001:db8::7']) expect(names(second, name), name).toBe(true);
  });

  test.for(['key.pem', 'certificate.pem', 'authority.pem'])('when %s is not what it was', async (name) => {
    await using home = await openTemporaryFolder();
    const first = await load([home.path]);
    await writeFile(join(dirname(first.authorityFile), name), 'x');
    const second = await load([home.path]);
    expect(second.cert).not.toBe(first.cert);
    expect(await load([home.path])).toEqual(second);
  });
});

test('goes to the next folder where one cannot be written to', async () => {
  await using home = await openTemporaryFolder({ file: '' });
  const file = join(home.path, 'file');
  const second = join(home.path, 'second');
  expect((await load([file, second])).authorityFile).toBe(join(second, 'certificate-1', 'authority.pem'));
  expect(await loadCertificate({ folders: [file, join(file, 'below')], names: [], nowMs })).toBe(undefined);
});

describe('what handlers trust', () => {
  test.for([
    { why: 'Node’s own and ours', own: {}, extra: [], bundle: ['BEGIN CERTIFICATE'] },
    {
      why: 'the developer’s too',
      own: { NODE_EXTRA_CA_CERTS: 'a', AWS_CA_BUNDLE: 'b' },
      extra: ['one'],
      bundle: ['two'],
    },
    { why: 'a file that is not there', own: { NODE_EXTRA_CA_CERTS: 'no' }, extra: [], bundle: ['BEGIN CERTIFICATE'] },
  ])('$why', async ({ own, extra, bundle }) => {
    await using home = await openTemporaryFolder({ a: 'one', b: 'two' });
    const certificate = { key: '', cert: '', authority: 'ours', authorityFile: join(home.path, 'authority.pem') };
    await writeFile(certificate.authorityFile, 'ours');
    await mkdir(join(home.path, 'project'));
    const env = Object.fromEntries(Object.entries(own).map(([name, file]) => [name, join(home.path, file)]));
    const trust = () => trustVariables({ env, certificate, folder: join(home.path, 'project', '.furrow') });
    const [variables, same] = await Promise.all([trust(), trust()]);
    expect(same).toEqual(variables);
    const texts = await Promise.all(Object.values(variables).map((file) => readFile(file, 'utf8')));
    for (const part of ['ours', ...extra]) expect(texts[0]).toContain(part);
    for (const part of ['ours', ...bundle]) expect(texts[1]).toContain(part);
    const changed = await trustVariables({
      env,
      certificate: { ...certificate, authority: 'new' },
      folder: join(home.path, 'project', '.furrow'),
    });
    expect(await readFile(changed['AWS_CA_BUNDLE'] ?? '', 'utf8')).toMatch(/new\n$/);
  });
});
