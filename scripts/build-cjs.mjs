import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The two packages that handlers load are built a second time, for `require` on Node versions without require(esm). */
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

for (const name of ['protocol', 'functions']) {
  const folder = join(import.meta.dirname, '..', 'packages', name);
  execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', join(folder, 'tsconfig.cjs.json')], {
    stdio: 'inherit',
  });
  writeFileSync(join(folder, 'dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}
