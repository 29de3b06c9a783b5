import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importedAs, mentionsPlugin } from '../src/handler-export.ts';
import { bundleFunction, type BundleResult } from '../src/index.ts';
import { entryName } from '../src/shipped-source-map.ts';
import type { Files } from './open-project.ts';

interface Row {
  readonly why: string;
  readonly file: string;
  readonly text: string;
  readonly handler?: string;
  readonly isMissing?: true;
}

/** What handlers of the table import, in the project. */
const shared: Files = {
  'shared/esm.mjs': 'export const handler = async () => 1; export const other = 2;',
  'shared/again.mjs': 'export * from "./esm.mjs";',
  'shared/other.mjs': 'export const other = 2;',
  'shared/common.cjs': 'exports.handler = async () => 1;',
  'shared/types.ts': 'export interface Event { readonly body: string }',
  'node_modules/modern/package.json': '{ "name": "modern", "type": "module", "main": "main.js" }',
  'node_modules/modern/main.js': 'export const handler = async () => 1;',
  'node_modules/common/package.json': '{ "name": "common", "main": "main.js" }',
  'node_modules/common/main.js': 'module.exports = require("./lib");',
  'node_modules/common/lib.js': 'exports.handler = async () => 1;',
};

const rows: readonly Row[] = [
  { why: 'an ES module', file: 'index.mjs', text: 'export const handler = async () => 1;' },
  { why: 'a list of exports', file: 'index.js', text: 'const run = async () => 1; export { run as handler };' },
  { why: 'one from another file', file: 'index.mjs', text: 'export { handler } from "../shared/esm.mjs";' },
  { why: 'all of another file', file: 'index.mjs', text: 'export * from "../shared/esm.mjs";' },
  { why: 'all of what exports all', file: 'index.mjs', text: 'export * from "../shared/again.mjs";' },
  { why: 'all of a CommonJS file', file: 'index.mjs', text: 'export * from "../shared/common.cjs";' },
  { why: 'all of a package', file: 'index.mjs', text: 'export * from "modern";' },
  { why: 'all of a CommonJS package', file: 'index.mjs', text: 'export * from "common";' },
  { why: 'all of what stays outside', file: 'index.mjs', text: 'export * from "@aws-sdk/client-s3";' },
  { why: 'a default with a handler', file: 'index.mjs', text: 'export default { handler: async () => 1 };' },
  { why: 'a default from elsewhere', file: 'index.mjs', text: 'import all from "common"; export default all;' },
  { why: 'TypeScript', file: 'index.ts', text: 'export async function handler(event: unknown) { return event; }' },
  { why: 'TypeScript that assigns', file: 'index.ts', text: 'export = { handler: async () => 1 };' },
  { why: 'TypeScript that is CommonJS', file: 'index.cts', text: 'exports.handler = async () => 1 as number;' },
  { why: 'CommonJS', file: 'index.js', text: 'exports.handler = async () => 1;' },
  { why: 'CommonJS with an object', file: 'index.js', text: 'module.exports = { handler: async () => 1 };' },
  { why: 'CommonJS from elsewhere', file: 'index.cjs', text: 'module.exports = require("common");' },
  { why: 'CommonJS that hands on', file: 'index.js', text: 'Object.assign(exports, require("../shared/common.cjs"));' },
  { why: 'CommonJS by this', file: 'index.js', text: 'this.handler = async () => 1;' },
  { why: 'CommonJS by a function', file: 'index.js', text: '(function () { this.handler = () => 1; }).call(this);' },
  { why: 'CommonJS by eval', file: 'index.js', text: 'eval("exports.handler = async () => 1");' },
  {
    why: 'CommonJS that imports',
    file: 'index.cjs',
    text: 'import { handler } from "../shared/esm.mjs"; module.exports = { handler };',
  },
  {
    why: 'CommonJS that a file fills',
    file: 'index.js',
    text: 'exports.other = 1; require("./index.js")["hand" + "ler"] = 1;',
  },
  {
    why: 'CommonJS that fills itself',
    file: 'index.js',
    text: 'exports.other = 1; exports["hand" + "ler"] = () => 1;',
  },
  {
    why: 'CommonJS by another name',
    file: 'index.js',
    text: 'exports.other = 1; const all = exports; all["hand" + "ler"] = 1;',
  },
  { why: 'CommonJS given away', file: 'index.js', text: 'exports.other = 1; require("common").fill(module);' },
  {
    why: 'CommonJS that calls its own',
    file: 'index.js',
    text: 'exports.fill = require("common").fill; exports.fill();',
  },
  { why: 'CommonJS with a spread', file: 'index.js', text: 'module.exports = { other() {}, ...require("common") };' },
  {
    why: 'CommonJS with a spread line',
    file: 'index.js',
    text: 'module.exports = {\n other() {},\n ...require("common") };',
  },
  {
    why: 'CommonJS with a spread behind',
    file: 'index.js',
    text: 'module.exports = { other() { return `\n};\n`; }, ...require("common") };',
  },
  { why: 'CommonJS with a computed key', file: 'index.js', text: 'module.exports = { ["hand" + "ler"]() {} };' },
  {
    why: 'CommonJS with a computed key line',
    file: 'index.js',
    text: 'module.exports = {\n other: 1,\n ["hand" + "ler"]() {} };',
  },
  { why: 'CommonJS with a prototype', file: 'index.js', text: 'module.exports = { __proto__: require("common") };' },
  { why: 'CommonJS with a default', file: 'index.js', text: 'exports.default = require("common");' },
  {
    why: 'CommonJS with either',
    file: 'index.js',
    text: 'module.exports = { other: 1 }; if (1) module.exports = require("common");',
  },
  {
    why: 'CommonJS with a copy',
    file: 'index.js',
    text: 'module.exports = { other: 1 }; Object.assign(module.exports, require("common"));',
  },
  {
    why: 'compiled re-exports',
    file: 'index.js',
    text: 'var all = (m, exports) => {}; exports.other = 1; all(require("common"), exports);',
  },
  {
    why: 'TypeScript that assigns all',
    file: 'index.cts',
    text: 'import common = require("common"); export = common;',
  },
  { why: 'another name', file: 'main.mjs', text: 'export const run = async () => 1;', handler: 'main.run' },
  { why: 'the default', file: 'index.mjs', text: 'export default async () => 1;', handler: 'index.default' },
  {
    why: 'a name with a hyphen',
    file: 'index.mjs',
    text: 'const run = async () => 1; export { run as "on-event" };',
    handler: 'index.on-event',
  },

  { why: 'another export', file: 'index.mjs', text: 'export const other = 1;', isMissing: true },
  { why: 'another export, of .js', file: 'index.js', text: 'export const other = 1;', isMissing: true },
  {
    why: 'another name than set',
    file: 'index.mjs',
    text: 'export const handler = 1;',
    handler: 'index.run',
    isMissing: true,
  },
  {
    why: 'no default',
    file: 'index.mjs',
    text: 'export const handler = 1;',
    handler: 'index.default',
    isMissing: true,
  },
  { why: 'no hyphen', file: 'index.mjs', text: 'export const event = 1;', handler: 'index.on-event', isMissing: true },
  { why: 'a handler that is not exported', file: 'index.ts', text: 'const handler = async () => 1;', isMissing: true },
  { why: 'a type', file: 'index.ts', text: 'export type handler = string; export const a = 1;', isMissing: true },
  { why: 'types of another file', file: 'index.ts', text: 'export * from "../shared/types.ts";', isMissing: true },
  { why: 'all of a file without it', file: 'index.mjs', text: 'export * from "../shared/other.mjs";', isMissing: true },
  { why: 'an import alone', file: 'index.mjs', text: 'import "../shared/esm.mjs";', isMissing: true },
  { why: 'CommonJS in an ES module', file: 'index.mjs', text: 'exports.handler = async () => 1;', isMissing: true },
  { why: 'nothing', file: 'index.js', text: '', isMissing: true },
  { why: 'nothing, in an ES module', file: 'index.mjs', text: '', isMissing: true },
  { why: 'nothing, in TypeScript', file: 'index.ts', text: '', isMissing: true },
  { why: 'CommonJS that assigns no export', file: 'index.js', text: 'handler = async () => 1;', isMissing: true },
  {
    why: 'CommonJS with another name',
    file: 'index.js',
    text: 'exports.nope = async () => ({ ...[1] });',
    isMissing: true,
  },
  {
    why: 'CommonJS with other names',
    file: 'index.cjs',
    text: '// handler\nexports.a = exports.b = void 0; exports.a = 1; module.exports.b = exports.a;',
    isMissing: true,
  },
  {
    why: 'CommonJS with an object of others',
    file: 'index.js',
    text: 'module.exports = { other() {} }',
    isMissing: true,
  },
  {
    why: 'CommonJS with a long object',
    file: 'index.js',
    text: 'const c = 1;\nmodule.exports = {\n async other(event) { return { ...event, x: [1] }; },\n "b-c": [\n1,\n{ ...c }],\n c };',
    isMissing: true,
  },
  {
    why: 'CommonJS with short names',
    file: 'index.js',
    text: 'const a = 1, b = 2; module.exports = { a, b };',
    isMissing: true,
  },
  {
    why: 'compiled TypeScript',
    file: 'index.js',
    text: '"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.other = other; async function other() {}',
    isMissing: true,
  },
  {
    why: 'TypeScript that assigns others',
    file: 'index.cts',
    text: 'export = { other: 1 as number };',
    isMissing: true,
  },
  { why: 'CommonJS that only requires', file: 'index.cjs', text: 'require("../shared/common.cjs");', isMissing: true },
];

describe.for([
  { title: 'in a project', manifest: '{}' },
  { title: 'in a project of type module', manifest: '{ "type": "module" }' },
])('$title, a file exports', ({ manifest }) => {
  let projectDir = '';
  beforeAll(async () => {
    projectDir = await realpath(await mkdtemp(join(tmpdir(), 'furrow-export-')));
    const handlers = rows.map(({ file, text }, index) => [`f${index}/${file}`, text] as const);
    const files = { ...shared, ...Object.fromEntries(handlers), 'package.json': manifest };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(projectDir, name)), { recursive: true });
      await writeFile(join(projectDir, name), text);
    }
  });
  afterAll(() => rm(projectDir, { recursive: true }));

  test.for(rows.map((row, index) => ({ ...row, index, verdict: row.isMissing ? 'no handler' : 'a handler' })))(
    '$verdict: $why',
    async ({ file, handler = 'index.handler', isMissing, index }) => {
      const sourceDir = join(projectDir, `f${index}`);
      const exportName = handler.slice(handler.indexOf('.') + 1);
      const expected = isMissing && { handlerFile: join(sourceDir, file), exportName };
      for (const kind of ['ws', 'http'] as const) {
        const target = { kind, sourceDir, handler };
        expect(missingOf(await bundleFunction(target, { projectDir, outDir: projectDir, isShipped: true }))).toEqual(
          expected,
        );
        expect(missingOf(await bundleFunction(target, { projectDir, outDir: projectDir }))).toBeUndefined();
      }
    },
  );

  test('and the bytes are what they would be if nobody looked', async () => {
    const wrapper = join(import.meta.dirname, '../src/entry/handler.ts');
    for (const [index, { file }] of rows.entries()) {
      const handlerFile = join(projectDir, `f${index}`, file);
      const contents = `import { adapt } from ${JSON.stringify(wrapper)};\nimport * as source from ${JSON.stringify(importedAs(handlerFile))};\nexport const handler = adapt(source, "handler");`;
      const options = {
        stdin: { contents, resolveDir: dirname(handlerFile), sourcefile: entryName },
        external: ['@aws-sdk/*'],
        outfile: join(projectDir, 'index.mjs'),
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'node',
        sourcemap: 'linked',
        minify: true,
        keepNames: true,
        logLevel: 'silent',
      } as const satisfies BuildOptions;
      const plain = await build(options);
      const looked = await build({
        ...options,
        plugins: [mentionsPlugin({ handlerFile, exportName: 'handler' }, wrapper)],
      });
      expect(looked.outputFiles.map(({ text }) => text)).toEqual(plain.outputFiles.map(({ text }) => text));
    }
  });
});

function missingOf(result: BundleResult) {
  if (result.type !== 'built') throw new Error(JSON.stringify(result));
  return result.bundle.missingExport;
}
