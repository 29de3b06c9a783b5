import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Checks every package as its users will get it: publint for the manifest, attw for the types. */
const root = join(import.meta.dirname, '..');

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join('packages', name);
  const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const profile = 'require' in exports['.'] ? 'node16' : 'esm-only';
  run('publint', [folder, '--strict']);
  run('attw', ['--pack', folder, '--profile', profile, '--format', 'ascii', '--quiet']);
}
console.log('All packages are as their users need them.');

function run(tool, args) {
  execFileSync(process.execPath, [bin(tool), ...args], { cwd: root, stdio: 'inherit' });
}

/** The script behind a tool's name, so that no shell is needed on any system. */
function bin(tool) {
  const owner = { publint: 'publint', attw: '@arethetypeswrong/cli' }[tool];
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', owner, 'package.json'), 'utf8'));
  return join(root, 'node_modules', owner, manifest.bin[tool]);
}
