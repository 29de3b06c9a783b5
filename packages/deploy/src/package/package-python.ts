import { join, sep } from 'node:path';
import { namesBelow } from '@furrow/executor';
import type { FunctionDefinition } from '@furrow/manifest';
import type { InstallPython } from './install-python.ts';
import { foundFiles, type ShippedFile } from './shipped-file.ts';

/** What stands in `vendor` of a function in Python, or why it cannot be there. */
export type PackagedPython =
  | { readonly ok: true; readonly files: readonly ShippedFile[] }
  | { readonly ok: false; readonly message: string };

const compiledFolders = new Set(['__pycache__']);
/** Of no use on Lambda, and another on every machine: programs name the Python that they were installed by. */
const ofThisMachine = /^bin\/|^[^/]+\.dist-info\/(?:RECORD|direct_url\.json)$/;
const ofTheApp = /^vendor\/(?:shared|views)\//;

/**
 * The packages that a function's `requirements.txt` names. None for a function that has packages in `vendor` already: those
 * are shipped as they are.
 *
 * @param files what its folder holds, with `/` between the parts of their names.
 */
export async function packagePython(
  { label, sourceDir, settings }: FunctionDefinition,
  files: readonly { readonly path: string }[],
  { projectDir, installPython }: { readonly projectDir: string; readonly installPython: InstallPython },
): Promise<PackagedPython> {
  const { runtime, architecture } = settings;
  const hasOwn = files.some(({ path }) => path.startsWith('vendor/') && !ofTheApp.test(path));
  const asks = files.some(({ path }) => path === 'requirements.txt');
  if (!runtime.startsWith('python') || !asks || hasOwn) return { ok: true, files: [] };
  const installed = await installPython({ sourceDir: join(projectDir, sourceDir), runtime, architecture });
  if (!installed.ok) return { ok: false, message: notInstalled(label, sourceDir, installed.reason) };
  const names = await namesBelow(installed.folder, compiledFolders);
  const shipped = names.filter((name) => !ofThisMachine.test(name.replaceAll(sep, '/')));
  return { ok: true, files: await foundFiles(installed.folder, shipped, 'vendor/') };
}

function notInstalled(label: string, sourceDir: string, reason: string): string {
  return (
    `"${label}" needs what ${sourceDir}/requirements.txt names, which could not be installed for Lambda (${reason}). ` +
    `Install it into ${sourceDir}/vendor by yourself, which is then shipped as it is, or mend the list.`
  );
}
