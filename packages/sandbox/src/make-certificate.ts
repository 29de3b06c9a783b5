import { generateKeyPair, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import type { pki } from 'node-forge';

/** PEM texts: what a server of this machine shows, and what its clients have to trust. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The certificate of the authority that signed `cert`. Its key exists no more. */
  readonly authority: string;
}

const dayMs = 24 * 60 * 60_000;
/** Browsers take longer ones of an authority that a person has added, but need not. */
const lifetimeMs = 365 * dayMs;
/** Clocks differ, and a client's may be behind. */
const backdatedMs = dayMs;

/**
 * Makes a certificate for these host names and addresses, and an authority for it alone.
 *
 * Takes some tenths of a second: two RSA keys, because node-forge signs with no others. The authority's key is dropped
 * with the return, so nobody can ever use it to sign for another name.
 */
export async function makeCertificate(names: readonly string[], nowMs: number): Promise<Certificate> {
  const [{ default: forge }, authorityKeys, keys] = await Promise.all([
    import('node-forge'),
    makeRsaKeys(),
    makeRsaKeys(),
  ]);
  const authorityKey = forge.pki.privateKeyFromPem(authorityKeys.privateKey);
  // Authorities of other years and machines have other names, so that a client never takes one for another.
  const issuer = [{ name: 'commonName', value: `Furrow on this machine ${randomBytes(4).toString('hex')}` }];
  const subject = [{ name: 'commonName', value: 'localhost' }];

  function create(publicKey: string, owner: pki.CertificateField[], extensions: readonly object[]): pki.Certificate {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
    // A first byte of 1 keeps the number positive.
    certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
    certificate.validity.notBefore = new Date(nowMs - backdatedMs);
    certificate.validity.notAfter = new Date(nowMs - backdatedMs + lifetimeMs);
    certificate.setSubject(owner);
    certificate.setIssuer(issuer);
    certificate.setExtensions([...extensions, { name: 'subjectKeyIdentifier' }]);
    certificate.sign(authorityKey, forge.md.sha256.create());
    return certificate;
  }

  const authority = create(authorityKeys.publicKey, issuer, [
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true },
  ]);
  const certificate = create(keys.publicKey, subject, [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: names.map(altName) },
    { name: 'authorityKeyIdentifier', keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes() },
  ]);
  return {
    key: keys.privateKey,
    cert: forge.pki.certificateToPem(certificate),
    authority: forge.pki.certificateToPem(authority),
  };
}

function makeRsaKeys(): Promise<{ readonly publicKey: string; readonly privateKey: string }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** The kinds of names that RFC 5280, section 4.2.1.6, calls dNSName and iPAddress. */
function altName(
  name: string,
): { readonly type: 2; readonly value: string } | { readonly type: 7; readonly ip: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };
}
