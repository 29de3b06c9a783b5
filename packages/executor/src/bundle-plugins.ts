import type { Plugin, PluginBuild } from 'esbuild';

/**
 * `@architect/functions` is the app's own where it has installed one, else ours, which answers to the same name.
 *
 * @param executorDir where ours is found from.
 */
export function functionsPlugin(executorDir: string): Plugin {
  return {
    name: 'furrow-functions',
    setup(builder) {
      builder.onResolve(
        { filter: /^@architect\/functions$/ },
        async ({ path, resolveDir, kind, importer, pluginData }) => {
          if (isSecondPass(pluginData)) return undefined;
          const own = await builder.resolve(path, { resolveDir, kind, importer, pluginData: secondPass });
          if (own.errors.length === 0) return own;
          // Its ES modules, for `require` too: what a handler does not use is left out of them.
          return builder.resolve('@furrow/functions', { resolveDir: executorDir, kind: 'import-statement' });
        },
      );
    },
  };
}

/** The AWS SDK is part of Lambda's Node runtimes (fact H19): an app that has not installed it takes it from there. */
export function unbundledSdkPlugin(): Plugin {
  return {
    name: 'furrow-aws-sdk',
    setup(builder: PluginBuild) {
      builder.onResolve({ filter: /^(?:@aws-sdk\/|@smithy\/|aws-sdk(?:\/|$))/ }, async (request) => {
        const { path, resolveDir, kind, importer, pluginData } = request;
        if (isSecondPass(pluginData)) return undefined;
        const own = await builder.resolve(path, { resolveDir, kind, importer, pluginData: secondPass });
        return own.errors.length === 0 ? own : { path, external: true };
      });
    },
  };
}

const secondPass = { isSecondPass: true };

function isSecondPass(pluginData: unknown): boolean {
  return pluginData === secondPass;
}
