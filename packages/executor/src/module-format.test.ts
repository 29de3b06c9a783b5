import { expect, test } from 'vitest';
import { moduleFormat } from './module-format.ts';

test.for([
  { file: 'a.mjs', text: '', format: 'esm' },
  { file: 'a.mts', text: '', format: 'esm' },
  { file: 'a.ts', text: 'exports.a = 1', format: 'esm' },
  { file: 'a.tsx', text: '', format: 'esm' },
  { file: 'a.cjs', text: 'export default 1', format: 'cjs' },
  { file: 'a.cts', text: '', format: 'cjs' },
  { file: 'a.js', text: '', format: 'cjs' },
  { file: 'a.js', text: 'exports.handler = 1', format: 'cjs' },
  { file: 'a.js', text: `import('./b.js')`, format: 'cjs' },
  { file: 'a.js', text: `const a = 'x';\nimport.meta;`, format: 'cjs' },
  { file: 'a.js', text: `important(); exported = 1;`, format: 'cjs' },
  { file: 'a.js', text: `import a from 'a'`, format: 'esm' },
  { file: 'a.js', text: `'use strict';\nimport { a } from 'a'`, format: 'esm' },
  { file: 'a.js', text: `import * as a from 'a'`, format: 'esm' },
  { file: 'a.js', text: `import 'a'`, format: 'esm' },
  { file: 'a.js', text: `import"a"`, format: 'esm' },
  { file: 'a.js', text: 'export const a = 1', format: 'esm' },
  { file: 'a.js', text: 'export async function handler() {}', format: 'esm' },
  { file: 'a.js', text: 'export default 1', format: 'esm' },
  { file: 'a.js', text: 'const a = 1;\nexport { a }', format: 'esm' },
  { file: 'a.jsx', text: `export * from 'a'`, format: 'esm' },
])('$file with $text is $format', ({ file, text, format }) => {
  expect(moduleFormat(file, text)).toBe(format);
});
