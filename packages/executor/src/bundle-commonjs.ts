import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { moduleFormat } from './module-format.ts';

/**
 * Lets CommonJS handlers live in a project whose `package.json` says `"type": "module"`.
 *
 * On Lambda a function's folder stands alone, so the project's `type` does not reach its `.js` files; a bundler would
 * apply it. A path that a plugin has resolved is loaded without a look at any `package.json`, so that is done for files
 * of the project that are plainly CommonJS.
 */
export function commonjsPlugin(projectDir: string): Plugin {
  return {
    name: 'furrow-commonjs',
    async setup(builder) {
      if (!(await isModuleProject(projectDir))) return;
      builder.onResolve({ filter: /^\.{1,2}(?:\/|$)/ }, async ({ path, resolveDir }) => {
        const file = ['', '.js', '/index.js'].map((end) => resolve(resolveDir, path + end)).find(isPlainFile);
        if (file === undefined || !isProjects(projectDir, file)) return undefined;
        return moduleFormat(file, await readFile(file, 'utf8')) === 'esm' ? undefined : { path: file };
      });
    },
  };
}

function isPlainFile(file: string): boolean {
  return file.endsWith('.js') && existsSync(file);
}

/** Whether the file is governed by the project's own package.json, not by one nearer to it. */
function isProjects(projectDir: string, file: string): boolean {
  const inside = relative(projectDir, file);
  if (inside.startsWith('..') || isAbsolute(inside) || inside.includes('node_modules')) return false;
  for (let folder = dirname(file); folder !== projectDir; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return false;
  }
  return true;
}

/** What the nearest package.json says, of the project or of a folder around it. */
async function isModuleProject(projectDir: string): Promise<boolean> {
  for (let folder = projectDir; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return isModulePackage(await readFile(file, 'utf8'));
    if (dirname(folder) === folder) return false;
  }
}

function isModulePackage(text: string): boolean {
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === 'object' && manifest !== null && 'type' in manifest && manifest.type === 'module';
  } catch {
    // npm will complain of it; it says nothing about modules.
    return false;
  }
}
