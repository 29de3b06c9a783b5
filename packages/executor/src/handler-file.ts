import { access } from 'node:fs/promises';
import { join } from 'node:path';

const endings = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.jsx'];

/** The files that may hold a handler such as `index.handler`, first choice first. */
export function handlerFileNames(handler: string): readonly string[] {
  const dot = handler.lastIndexOf('.');
  const base = dot === -1 ? handler : handler.slice(0, dot);
  return endings.map((ending) => base + ending);
}

/** The name that a handler is exported by. */
export function handlerExport(handler: string): string {
  return handler.slice(handler.lastIndexOf('.') + 1);
}

/** The absolute path of the file that holds a function's handler; `undefined` when there is none. */
export async function findHandlerFile(sourceDir: string, handler = 'index.handler'): Promise<string | undefined> {
  for (const name of handlerFileNames(handler)) {
    const file = join(sourceDir, name);
    try {
      await access(file);
      return file;
    } catch {
      // Not this one; the next ending may be there.
    }
  }
  return undefined;
}
