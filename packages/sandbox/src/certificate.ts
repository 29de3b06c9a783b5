import { createPrivateKey, X509Certificate } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { makeCertificate, type Certificate } from './make-certificate.ts';

export interface CertificateOptions {
  /** Where it is kept: the first of these folders that can be written to. */
  readonly folders: readonly string[];
  /** Host names and addresses beside those of the loopback. */
  readonly names: readonly string[];
  readonly nowMs: number;
}

export interface KeptCertificate extends Certificate {
  /** The file that holds `authority`. */
  readonly authorityFile: string;
}

/** Names that are this machine wherever they are used. */
const loopbackNames = ['localhost', '*.localhost', '127.0.0.1', '::1'];
const renewedBeforeMs = 30 * 24 * 60 * 60_000;
const files = { key: 'key.pem', cert: 'certificate.pem', authority: 'authority.pem' };
const folderName = /^certificate-(\d{1,9})$/;
/** How many sandboxes that start at the same time may be faster. */
const maxAttempts = 20;

/**
 * The certificate of this machine's sandboxes: the one made last, or a new one when that ends within a month or lacks a
 * name. `undefined` when none of the folders can be written to.
 */
export async function loadCertificate(options: CertificateOptions): Promise<KeptCertificate | undefined> {
  for (const folder of options.folders) {
    // One after the other: the second is for those whose first is of no use.
    // oxlint-disable-next-line no-await-in-loop
    const certificate = await loadFrom(folder, options).catch(refusedToWrite);
    if (certificate !== undefined) return certificate;
  }
  return undefined;
}

/**
 * The host names that a gateway answers to, as a certificate has them.
 *
 * @param addresses those of this machine, which count when it listens on all of them.
 */
export function certificateNames(
  { host, allowedHosts }: { readonly host: string | undefined; readonly allowedHosts: readonly string[] },
  addresses: readonly string[],
): readonly string[] {
  const given = [...(host === undefined ? [] : [host]), ...allowedHosts].map((name) => name.toLowerCase());
  const isEverywhere = given.some(isUnspecified);
  const names = [...given, ...(isEverywhere ? addresses : [])];
  return [...new Set(names)].filter(
    (name) => !isUnspecified(name) && (isIP(name) !== 0 || /^[a-z0-9._-]+$/.test(name)),
  );
}

function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Each certificate has a folder with a number and is never changed, so that what runs with an older one goes on. */
async function loadFrom(folder: string, options: CertificateOptions): Promise<KeptCertificate> {
  await mkdir(folder, { recursive: true });
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    // Each attempt looks at what has been done since the one before.
    // oxlint-disable no-await-in-loop
    const number = await lastNumber(folder);
    const last = number === 0 ? undefined : await read(join(folder, `certificate-${number}`));
    if (last !== undefined && isGoodFor(last, options)) return last;
    const names = new Set([...loopbackNames, ...(last === undefined ? [] : namesOf(last, options)), ...options.names]);
    const made = await makeCertificate([...names], options.nowMs);
    const target = join(folder, `certificate-${number + 1}`);
    if (await write(target, made, folder)) return { ...made, authorityFile: join(target, files.authority) };
    // oxlint-enable no-await-in-loop
  }
  throw new Error(`Others kept making certificates in ${folder}.`);
}

async function lastNumber(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => Number(folderName.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

/** `undefined` when a file is missing or is not what it should be. */
async function read(folder: string): Promise<KeptCertificate | undefined> {
  const authorityFile = join(folder, files.authority);
  try {
    const [key, cert, authority] = await Promise.all(
      [files.key, files.cert, files.authority].map((name) => readFile(join(folder, name), 'utf8')),
    );
    if (key === undefined || cert === undefined || authority === undefined) return undefined;
    const certificate = new X509Certificate(cert);
    const belongs =
      certificate.checkPrivateKey(createPrivateKey(key)) &&
      certificate.verify(new X509Certificate(authority).publicKey);
    return belongs ? { key, cert, authority, authorityFile } : undefined;
  } catch {
    // Whatever is wrong with it: a new one takes its place.
    return undefined;
  }
}

function isGoodFor({ cert }: Certificate, { names, nowMs }: CertificateOptions): boolean {
  const certificate = new X509Certificate(cert);
  const isCurrent =
    Date.parse(certificate.validFrom) <= nowMs && Date.parse(certificate.validTo) - nowMs > renewedBeforeMs;
  const known = altNames(certificate);
  // An address can be written in several ways.
  const hasName = (name: string) => (isIP(name) === 0 ? known.includes(name) : certificate.checkIP(name) !== undefined);
  return isCurrent && [...loopbackNames, ...names].every(hasName);
}

/** What a certificate is for, so that the next one is for that too and projects do not take turns in making new ones. */
function namesOf({ cert }: Certificate, { nowMs }: CertificateOptions): readonly string[] {
  const certificate = new X509Certificate(cert);
  return Date.parse(certificate.validTo) < nowMs ? [] : altNames(certificate);
}

function altNames({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return [...subjectAltName.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map((match) => match[1] ?? '');
}

/** Puts all files there at once; `false` when somebody else has put theirs there first. */
async function write(target: string, certificate: Certificate, folder: string): Promise<boolean> {
  // Only its owner may look into such a folder.
  const unnamed = await mkdtemp(join(folder, '.certificate-'));
  try {
    await writeFile(join(unnamed, files.key), certificate.key, { mode: 0o600 });
    await writeFile(join(unnamed, files.cert), certificate.cert);
    await writeFile(join(unnamed, files.authority), certificate.authority);
    // A folder with files in it is never replaced; systems differ in how they say so.
    return await rename(unnamed, target).then(
      () => true,
      async (error: unknown) => {
        if (await isThere(target)) return false;
        throw error;
      },
    );
  } finally {
    await rm(unnamed, { recursive: true, force: true });
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const refusals = new Set(['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR', 'ENOENT', 'ENOSPC']);

function refusedToWrite(error: NodeJS.ErrnoException): undefined {
  if (!refusals.has(error.code ?? '')) throw error;
}
