const prefix = '/_static';
/** S3 refuses longer keys as an error; here they are files that are not there. */
const maxKeyBytes = 1000;

/** What a path of a request asks for. */
export interface AskedFile {
  /** Keys of the bucket, first choice first; none when nothing may be served under that path. */
  readonly keys: readonly string[];
  /** Whether the path is one of the static folder, so that a missing file is answered as the folder answers. */
  readonly isInFolder: boolean;
  /** The page that says so at the root when nothing is there. */
  readonly missingKey: string;
}

/** What `@static` says of keys. */
export interface KeyRules {
  /** What all keys begin with: `assets`. @default nothing */
  readonly prefix?: string | undefined;
  /** Whether a path at the root whose last part has no dot is `index.html`. @default false */
  readonly isSinglePage?: boolean;
  /** Whether files have names with hashes too. One that is no more stands for the file as it is now. @default false */
  readonly hasHashes?: boolean;
}

/** The rules that a function's environment says. Pure. */
export function keyRules(env: Readonly<Record<string, string | undefined>>): KeyRules {
  return {
    prefix: env['ARC_STATIC_PREFIX'] || undefined,
    isSinglePage: env['ARC_STATIC_SPA'] === 'true',
    hasHashes: env['ARC_STATIC_FINGERPRINT'] === 'true',
  };
}

/**
 * The objects that a path may name, by the rules of the sandbox: `/_static/app.js` is `app.js`, a folder stands for its
 * `index.html`. Pure.
 *
 * API Gateway has decoded the path; what is still escaped is decoded here, as it is in the sandbox's one step. Refused:
 * `.` and `..`, backslashes, control characters, colons, empty segments and dot files but for `.well-known`.
 *
 * @param path `rawPath` of the event.
 */
export function askedFile(path: string, rules: KeyRules = {}): AskedFile {
  const isInFolder = path === prefix || path.startsWith(`${prefix}/`);
  const below = decode(isInFolder ? path.slice(prefix.length) : path).replace(/^\//, '');
  const segments = below.replace(/\/$/, '').split('/');
  const isSafe = below === '' || segments.every(isServed);
  const missingKey = withPrefix('404.html', rules.prefix);
  if (!isSafe || Buffer.byteLength(below) > maxKeyBytes) return { keys: [], isInFolder, missingKey };
  const keys = keysOf(below, { isInFolder, ...rules }).map((key) => withPrefix(key, rules.prefix));
  return { keys, isInFolder, missingKey };
}

function keysOf(
  below: string,
  { isInFolder, isSinglePage, hasHashes }: KeyRules & { isInFolder: boolean },
): readonly string[] {
  const isFile = below.slice(below.lastIndexOf('/') + 1).includes('.');
  if (isSinglePage === true && !isInFolder && !isFile) return ['index.html'];
  if (below === '' || below.endsWith('/')) return [`${below}index.html`];
  const plain = hasHashes === true ? below.replace(hash, '') : below;
  if (plain !== below) return [below, plain];
  return isFile ? [below] : [below, `${below}/index.html`];
}

/** What a deploy puts before the ending of a name. */
const hash = /-[0-9a-f]{10}(?=(?:\.[^./]+)?$)/;

/** A path may name it, or leave it out. */
function withPrefix(key: string, before: string | undefined): string {
  return before === undefined || key.startsWith(`${before}/`) ? key : `${before}/${key}`;
}

/** A broken escape is a name with a `%` in it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
const unsafe = /[\\:\u0000-\u001f\u007f]|\p{Surrogate}/u;

function isServed(segment: string): boolean {
  if (segment === '' || unsafe.test(segment)) return false;
  return !segment.startsWith('.') || segment === '.well-known';
}
