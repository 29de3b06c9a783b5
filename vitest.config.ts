import { defineConfig } from 'vitest/config';

/** Tests resolve workspace packages to their TypeScript source, so no build is needed to run them. */
const resolve = { conditions: ['@furrow/source'] };

export default defineConfig({
  ssr: { resolve },
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A first event on a busy machine may take most of a second.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'] } },
      { extends: true, test: { name: 'integration', include: ['packages/*/test/**/*.test.ts'] } },
      { extends: true, test: { name: 'examples', include: ['examples/*/test/**/*.test.ts'] } },
      { extends: true, test: { name: 'repo', include: ['{test,bench}/**/*.test.ts'] } },
      { extends: true, test: { name: 'conformance', include: ['conformance/**/*.test.ts', 'fuzz/**/*.test.ts'] } },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/index.ts', '**/*.test-d.ts'],
    },
  },
});
