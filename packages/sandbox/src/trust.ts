import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import type { KeptCertificate } from './certificate.ts';

export interface TrustOptions {
  /** The developer's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly certificate: KeptCertificate;
  /** Where files that are made for it go; they are the same for every start in one environment. */
  readonly folder: string;
}

/**
 * The variables that make handlers trust the sandbox's certificate, beside whatever they trusted before.
 *
 * Node adds the certificates of `NODE_EXTRA_CA_CERTS` to its own when it starts. `AWS_CA_BUNDLE` stands in place of what
 * botocore and the AWS CLI trust otherwise, so all of that has to be in it.
 */
export async function trustVariables({ env, certificate, folder }: TrustOptions): Promise<Record<string, string>> {
  const { authority, authorityFile } = certificate;
  const [extra, bundle] = await Promise.all([textOf(env['NODE_EXTRA_CA_CERTS']), textOf(env['AWS_CA_BUNDLE'])]);
  await mkdir(folder, { recursive: true });
  const [extraFile, bundleFile] = await Promise.all([
    extra === undefined
      ? authorityFile
      : keep(join(folder, 'node-extra-ca-certs.pem'), { of: [extra, authority], text: () => [extra, authority] }),
    keep(join(folder, 'aws-ca-bundle.pem'), {
      of: [bundle ?? process.version, authority],
      text: () => [...(bundle === undefined ? tls.rootCertificates : [bundle]), authority],
    }),
  ]);
  return { NODE_EXTRA_CA_CERTS: extraFile, AWS_CA_BUNDLE: bundleFile };
}

/** A file that is not there adds nothing: Node and botocore would say so themselves. */
async function textOf(file: string | undefined): Promise<string | undefined> {
  return file ? readFile(file, 'utf8').catch(() => undefined) : undefined;
}

/** Writes a file unless its first line says that it was made of the same. Whoever reads it meanwhile sees all or nothing. */
async function keep(
  file: string,
  content: { readonly of: readonly string[]; text(): readonly string[] },
): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(content.of)).digest('hex');
  const mark = `# made by Furrow of ${digest}\n`;
  if ((await firstBytes(file, mark.length)) === mark) return file;
  const unnamed = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(unnamed, `${mark}${content.text().join('\n')}\n`);
  await rename(unnamed, file);
  return file;
}

/** `''` when there is no such file. */
async function firstBytes(file: string, length: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return '';
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
  await handle.close();
  return buffer.toString('latin1', 0, bytesRead);
}
