import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, dirname, extname, relative, sep } from 'node:path';
import { transform, type OnLoadResult, type OnResolveArgs, type OnResolveResult, type Plugin } from 'esbuild';
import { moduleFormat } from './module-format.ts';
import { isInFolder, type SharedFolder } from './shared-folder.ts';

interface SharedPlaces {
  /** Links followed. */
  readonly folders: readonly SharedFolder[];
  /** The function's own folder: packages of its own are found from shared code too, as where that is copied into it. */
  readonly sourceDir: string;
  readonly format: 'esm' | 'cjs';
  /** What `@architect/shared/static.json` says where the folder has no such file. */
  readonly staticManifest: Readonly<Record<string, string>>;
}

const manifestSpace = 'furrow-static-manifest';
/** A module that says where the bundle is, under a name that no author's code can declare. */
const placeModule = 'furrow:shared-place';
const ownPass = { isSharedPass: true };

/** Resolves `@architect/shared` and `@architect/views` to the app's folders, which are linked or copied nowhere. */
export function sharedPlugin({ folders, sourceDir, format, staticManifest }: SharedPlaces): Plugin {
  return {
    name: 'furrow-shared',
    setup(builder) {
      const resolveWith = async (request: OnResolveArgs, path: string, resolveDir: string) => {
        const { importer, kind, namespace } = request;
        const found = await builder.resolve(path, { importer, kind, namespace, resolveDir, pluginData: ownPass });
        return found.errors.length === 0 ? found : undefined;
      };

      async function resolveShared(request: OnResolveArgs): Promise<OnResolveResult | undefined> {
        const [, name, inside = ''] = /^@architect\/(shared|views)\/?(.*)$/.exec(request.path) ?? [];
        const place = folders.find((each) => each.name === name);
        if (place === undefined) return undefined;
        if (!place.isGiven) return { errors: [{ text: notGiven(request.path, place) }] };
        if (request.kind === 'require-resolve') return { path: request.path, external: true };
        const found = await resolveWith(request, inside === '' ? '.' : `./${inside}`, place.folder);
        if (found !== undefined || name !== 'shared' || inside !== 'static.json') return found;
        return { path: inside, namespace: manifestSpace };
      }

      /** A package that shared code imports: of the project, or of the function. */
      async function resolvePackage(request: OnResolveArgs): Promise<OnResolveResult | undefined> {
        const { path, importer, resolveDir, pluginData } = request;
        const isShared = folders.some((each) => isInFolder(each, importer));
        if (!isShared || pluginData !== undefined || isBuiltin(path)) return undefined;
        return (await resolveWith(request, path, resolveDir)) ?? resolveWith(request, path, sourceDir);
      }

      builder.onResolve({ filter: /^@architect\/(?:shared|views)(?:\/|$)/ }, resolveShared);
      builder.onResolve({ filter: /^[^./#]/ }, resolvePackage);
      builder.onResolve({ filter: /^furrow:shared-place$/ }, ({ path }) => ({ path, namespace: placeModule }));
      builder.onLoad({ filter: /^/, namespace: placeModule }, () => ({
        contents: `export const bundleDir = ${format === 'esm' ? 'import.meta.dirname' : '__dirname'};`,
      }));
      builder.onLoad({ filter: /^/, namespace: manifestSpace }, () => ({
        contents: JSON.stringify(staticManifest),
        loader: 'json',
      }));
      for (const place of folders) builder.onLoad({ filter: filesOf(place) }, ({ path }) => loadPlaced(place, path));
    },
  };
}

function notGiven(path: string, { name }: SharedFolder): string {
  return (
    `"${path}" is not given to this function. Write "${name} true" below @arc in its config.arc; ` +
    `where @${name} of the manifest lists functions, list it there.`
  );
}

function filesOf({ folder }: SharedFolder): RegExp {
  const start = (folder + sep).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${start}.*\\.[cm]?[jt]sx?$`);
}

const loaders = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx', '.jsx': 'jsx', '.js': 'jsx' } as const;

/**
 * A shared module that asks where it is gets the place where Architect puts it, which its files are copied to: a bundle
 * would say its own.
 */
async function loadPlaced(place: SharedFolder, file: string): Promise<OnLoadResult | undefined> {
  const text = await readFile(file, 'utf8');
  if (!/\b(?:__dirname|__filename|import\.meta)\b/.test(text)) return undefined;
  const inside = relative(place.folder, file).split(sep);
  const folder = ['/node_modules/@architect', place.name, ...inside.slice(0, -1)].join('/');
  const names = { dir: 'furrowSharedDir', file: 'furrowSharedFile', url: 'furrowSharedUrl' };
  const from = JSON.stringify(placeModule);
  const takesPlace =
    moduleFormat(file, text) === 'esm'
      ? `import { bundleDir as furrowBundleDir } from ${from}; `
      : `var furrowBundleDir = require(${from}).bundleDir; `;
  const declarations = [
    `var ${names.dir} = furrowBundleDir + ${JSON.stringify(folder)}`,
    `${names.file} = ${names.dir} + ${JSON.stringify(`/${basename(file)}`)}`,
    `${names.url} = new URL('file://' + encodeURI(${names.file}).replace(/[?#]/g, encodeURIComponent)).href;`,
  ].join(', ');
  const ending = extname(file);
  try {
    const { code } = await transform(text, {
      loader: isKnownEnding(ending) ? loaders[ending] : 'js',
      jsx: 'preserve',
      sourcemap: 'inline',
      sourcesContent: false,
      sourcefile: basename(file),
      banner: (isStrict(text) ? '"use strict"; ' : '') + takesPlace + declarations,
      define: {
        __dirname: names.dir,
        __filename: names.file,
        'import.meta.dirname': names.dir,
        'import.meta.filename': names.file,
        'import.meta.url': names.url,
      },
    });
    return { contents: code, loader: 'jsx', resolveDir: dirname(file) };
  } catch {
    // It does not build, which is said with the others' problems when it is loaded as it is.
    return undefined;
  }
}

function isKnownEnding(ending: string): ending is keyof typeof loaders {
  return Object.hasOwn(loaders, ending);
}

/** A directive counts only where nothing but comments stands before it. */
function isStrict(text: string): boolean {
  return /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(["'])use strict\1/.test(text);
}
