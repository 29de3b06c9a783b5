import type { BuildProblem } from '@furrow/executor';

/** One function as it is shipped. */
export interface PackagedFunction {
  /** `ws/default`; the built-in one is `static`. */
  readonly name: string;
  /** `default`, `get /` */
  readonly label: string;
  /** `functions/<sha256>.zip`, where the hash is that of the zip. */
  readonly key: string;
  /** Base64 of the same hash, as Lambda gives it in `CodeSha256`. */
  readonly codeSha256: string;
  readonly handler: string;
  readonly zip: Buffer;
  /** Bytes of all files, as Lambda counts them against its 250 MB. */
  readonly unzippedBytes: number;
  /** Whether its code reads or writes sessions by `@architect/functions`, as far as its text shows. */
  readonly usesSessions: boolean;
  /** In the zip's order. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** Why a function cannot be shipped. */
export interface PackageFault {
  readonly name: string;
  readonly label: string;
  readonly sourceDir: string;
  readonly kind: 'missing' | 'broken' | 'unbundled' | 'too-large';
  /** The whole fault in words, for a person. */
  readonly message: string;
  readonly problems: readonly BuildProblem[];
}

export type PackagedApp =
  | { readonly ok: true; readonly functions: readonly PackagedFunction[] }
  | { readonly ok: false; readonly faults: readonly PackageFault[] };
