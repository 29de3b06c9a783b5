import type { Variant } from '../row.ts';
import type { Stage, Target } from '../target.ts';

export interface AwsOptions {
  /** By variant: `wss://abcdef1234.execute-api.us-west-2.amazonaws.com/staging`. */
  readonly urls: ReadonlyMap<Variant, string>;
  readonly credentials: Stage['credentials'];
}

/** Long enough for a cold start and a message back. */
const quietMs = 3000;

/** Stages that are deployed on AWS. Time is the world's, and nobody looks into logs. */
export function awsTarget({ urls, credentials }: AwsOptions): Target {
  return {
    name: 'aws',
    gaps: new Map(),
    async open(variant) {
      const url = urls.get(variant)?.replace(/\/$/, '');
      if (url === undefined) return `no URL of the app with the manifest "${variant}" was given`;
      return {
        url,
        managementUrl: url.replace(/^ws/, 'http'),
        region: regionOf(url),
        credentials,
        now: Date.now,
        freezes: true,
        quietMs,
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}

/** `us-west-2` of the host's name. @throws {Error} when the name has none: custom domains do not say where they are. */
function regionOf(url: string): string {
  const region = /\.execute-api\.([a-z0-9-]+)\./.exec(new URL(url).hostname)?.[1];
  if (region === undefined) throw new Error(`${url} does not say its region; use the URL that "arc info" shows.`);
  return region;
}
