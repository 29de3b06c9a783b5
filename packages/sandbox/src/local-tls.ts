import { homedir, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { certificateNames, loadCertificate, type KeptCertificate } from './certificate.ts';
import { trustVariables } from './trust.ts';

export interface LocalTlsOptions {
  readonly projectDir: string;
  /** The developer's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where what several projects share is kept. @default ~/.furrow */
  readonly userDir?: string | undefined;
  readonly host: string | undefined;
  readonly allowedHosts: readonly string[];
}

export interface LocalTls {
  /** `undefined` where no folder takes one: then there is plain HTTP alone. */
  readonly certificate?: KeptCertificate;
  /** The developer's environment, with which whatever starts in it trusts the certificate. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The certificate that this machine's sandboxes share, in the user's folder or else in the project's `.furrow`. */
export async function openLocalTls(options: LocalTlsOptions): Promise<LocalTls> {
  const { env } = options;
  const folder = join(options.projectDir, '.furrow');
  const { userDir = join(env['HOME'] || env['USERPROFILE'] || homedir(), '.furrow') } = options;
  const certificate = await loadCertificate({
    folders: [userDir, folder],
    names: certificateNames(options, ownAddresses()),
    // The clients' clocks decide, not one that a test moves.
    nowMs: Date.now(),
  });
  if (certificate === undefined) return { env };
  // The executor writes there too, and says so when it cannot.
  const variables = await trustVariables({ env, certificate, folder }).catch(() => ({}));
  return { certificate, env: { ...env, ...variables } };
}

function ownAddresses(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  // One that is good for a single link is written with the name of that link, and is in no URL.
  return addresses.map(({ address }) => address).filter((address) => !address.toLowerCase().startsWith('fe80:'));
}
