import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';
import { readPackageManifest } from './native-package.ts';
import { ownLibrary, usedMembers } from './used-members.ts';

const functionsSpace = 'furrow-functions';

/**
 * `@architect/functions` is the app's own where it has installed one, else ours, which answers to the same name: what a
 * module can be seen to use of it, else all.
 *
 * @param executorDir where ours is found from.
 */
export function functionsPlugin(executorDir: string): Plugin {
  return {
    name: 'furrow-functions',
    setup(builder) {
      builder.onResolve(
        { filter: /^@architect\/functions$/ },
        async ({ path, resolveDir, kind, importer, namespace, pluginData }) => {
          if (isSecondPass(pluginData)) return undefined;
          const own = await builder.resolve(path, { resolveDir, kind, importer, pluginData: secondPass });
          if (own.errors.length === 0) return own;
          // Its ES modules, for `require` too: what a handler does not use is left out of them.
          const ours = await builder.resolve('@furrow/functions', {
            resolveDir: executorDir,
            kind: 'import-statement',
          });
          const used = namespace === 'file' ? usedMembers(await readFile(importer, 'utf8'), ownLibrary) : undefined;
          // A module without a name would be none.
          if (used === undefined || used.length === 0) return ours;
          return { path: used.join(','), namespace: functionsSpace, pluginData: ours.path };
        },
      );
      builder.onLoad({ filter: /^/, namespace: functionsSpace }, ({ path, pluginData }) => ({
        contents: membersOnly(path.split(','), pluginData),
        resolveDir: executorDir,
      }));
    },
  };
}

/**
 * A default export of some members; of the others nothing is so much as read.
 *
 * @param libraryFile the library's main file, which has one for each member beside it.
 */
function membersOnly(members: readonly string[], libraryFile: string): string {
  const fileOf = (name: string) => join(dirname(libraryFile), 'members', name + extname(libraryFile));
  return [
    ...members.map((name) => `import { ${name} as own_${name} } from ${JSON.stringify(fileOf(name))};`),
    `export { ${members.map((name) => `own_${name} as ${name}`).join(', ')} };`,
    `export default { ${members.map((name) => `${name}: own_${name}`).join(', ')} };`,
  ].join('\n');
}

/** Packages of version 3. */
const sdkPackage = /^@(?:aws-sdk|smithy)\//;
const installed = /[\\/]node_modules[\\/]/;
/** What our own library has of others in it, where it is not built: `packages/functions/src/vendor`. */
const ownVendor = join(import.meta.dirname, '..', '..', 'functions', 'src', 'vendor') + sep;

/**
 * The AWS SDK is part of Lambda's Node runtimes (fact H19), and an app takes it from there. One whose `package.json` lists
 * a package of it as a dependency brings its own. That one is found, as a development dependency or because a folder
 * around the project has it, does not say so.
 */
export function unbundledSdkPlugin(projectDir: string): Plugin {
  const root = realpathSync(projectDir);
  const isLambdas = (path: string, importer: string, fromDir: string) =>
    sdkPackage.test(path) && !isOfPackage(importer) && !bringsSdk(fromDir, root) && !bringsSdk(root, root);
  return {
    name: 'furrow-aws-sdk',
    setup(builder: PluginBuild) {
      builder.onResolve({ filter: /^(?:@aws-sdk\/|@smithy\/|aws-sdk(?:\/|$))/ }, async (request) => {
        const { path, resolveDir, kind, importer, pluginData } = request;
        if (isSecondPass(pluginData)) return undefined;
        if (isLambdas(path, importer, resolveDir)) return { path, external: true };
        const own = await builder.resolve(path, { resolveDir, kind, importer, pluginData: secondPass });
        return own.errors.length === 0 ? own : { path, external: true };
      });
    },
  };
}

function isOfPackage(importer: string): boolean {
  return installed.test(importer) || importer.startsWith(ownVendor);
}

/** Whether a `package.json` lists it: any between a folder and the project, else the nearest above. */
function bringsSdk(fromDir: string, projectDir: string): boolean {
  for (let folder = fromDir; ; folder = dirname(folder)) {
    const { dependencies, optionalDependencies } = readPackageManifest(folder);
    const names = Object.keys({ ...Object(dependencies), ...Object(optionalDependencies) });
    if (names.some((name) => sdkPackage.test(name))) return true;
    const isInside = folder.startsWith(projectDir + sep);
    if (!isInside && existsSync(join(folder, 'package.json'))) return false;
    if (dirname(folder) === folder) return false;
  }
}

const secondPass = { isSecondPass: true };

function isSecondPass(pluginData: unknown): boolean {
  return pluginData === secondPass;
}
