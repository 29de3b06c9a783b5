/** An `Authorization` whose signature is one digit off. */
export function brokenSignature(authorization: string): string {
  const last = authorization.at(-1) === '0' ? '1' : '0';
  return authorization.slice(0, -1) + last;
}
