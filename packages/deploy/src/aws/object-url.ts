/** Ends of host names outside of the usual partition, by how a region begins. */
const suffixes: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^eusc-/, 'amazonaws.eu'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^eu-isoe-/, 'cloud.adc-e.uk'],
  [/^us-isof-/, 'csp.hci.ic.gov'],
];

/**
 * Where an object is, as CloudFormation wants it: `https://s3.us-west-2.amazonaws.com/bucket/key`.
 *
 * @see https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json (read 2026-11)
 */
export function objectUrl(region: string, bucket: string, key: string): string {
  const suffix = suffixes.find(([pattern]) => pattern.test(region))?.[1] ?? 'amazonaws.com';
  return `https://s3.${region}.${suffix}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
