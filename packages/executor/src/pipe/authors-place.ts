import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the author's code is; absolute paths. */
export interface AuthorFolders {
  /** Links followed. Places are told relative to it. */
  readonly projectDir: string;
  /** The function's own folder, which may be elsewhere. */
  readonly sourceDir: string;
}

/**
 * The author's line in a stack, `src/ws/default/index.js:12`; `undefined` when there is none.
 *
 * @param isDirect only the line that made the call counts, not one further up: what packages do with their own timers is
 * their affair.
 */
export function authorsPlace(stack: string, folders: AuthorFolders, isDirect: boolean): string | undefined {
  for (const line of stack.split('\n').slice(1)) {
    const frame = readFrame(line);
    if (frame === undefined) continue;
    if (isAuthors(frame.file, folders)) {
      return `${relative(folders.projectDir, frame.file).replaceAll(sep, '/')}:${frame.line}`;
    }
    if (isDirect) return undefined;
  }
  return undefined;
}

/** `    at handler (/app/src/index.js:7:19)`; `undefined` for frames of Node itself and those without a file. */
function readFrame(text: string): { readonly file: string; readonly line: string } | undefined {
  const match = /^\s+at (?:.* \()?(.+?):(\d+):\d+\)?$/.exec(text);
  const [, place = '', line = ''] = match ?? [];
  const file = place.replace(/^async /, '');
  if (file.startsWith('file:')) return { file: fileURLToPath(file), line };
  return isAbsolute(file) ? { file, line } : undefined;
}

function isAuthors(file: string, { projectDir, sourceDir }: AuthorFolders): boolean {
  const isInside = [projectDir, sourceDir].some((folder) => file.startsWith(folder + sep));
  return isInside && !file.split(sep).some((part) => part === 'node_modules' || part === '.furrow');
}
