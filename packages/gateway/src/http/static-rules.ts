import type { HttpRoute } from './router.ts';

/** What `@static` says of files beside their folder. */
export interface StaticRules {
  /** Where the files are on AWS below `/_static`, so that they are found there here too: `assets`. @default none */
  readonly prefix?: string | undefined;
  /** Files are not served whose paths contain one of these. @default none */
  readonly ignore?: readonly string[];
  /** Whether a path at the root whose last part has no dot is answered with `index.html`. @default false */
  readonly isSinglePage?: boolean;
  /** Whether files are at the root too, because no function is. @default false */
  readonly isAtRoot?: boolean;
}

/** Whether no function answers at the root, so that files do: `/site.css` is that of the folder. Pure. */
export function isRootFree(routes: readonly Pick<HttpRoute, 'method' | 'path'>[]): boolean {
  return !routes.some(
    ({ method, path }) => /^(?:get|any)$/i.test(method) && (path === '/' || path === '/*' || /^\/:[^/]+$/.test(path)),
  );
}

/** The path below the folder of what is asked for at the root. Pure. */
export function rootPath(path: string, { isSinglePage = false }: StaticRules): string {
  const isPage = !path.slice(path.lastIndexOf('/')).includes('.');
  return isSinglePage && isPage ? '/index.html' : path;
}

/** The path below the folder without what files have before them on AWS. Pure. */
export function withoutPrefix(path: string, { prefix }: StaticRules): string {
  if (prefix === undefined) return path;
  const start = `/${prefix}`;
  return path === start || path.startsWith(`${start}/`) ? path.slice(start.length) : path;
}

/** Whether a file, a path below the folder with `/` between its parts, stays at home. Pure. */
export function isIgnored(key: string, { ignore = [] }: StaticRules): boolean {
  return ignore.some((word) => key.includes(word));
}
