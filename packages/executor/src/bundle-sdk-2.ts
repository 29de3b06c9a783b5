import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';
import { usedMembers } from './used-members.ts';

const space = 'furrow-aws-sdk-2';
const secondPass = { isSecondPass: true };

/** What functions ask without saying where it is. */
const services = ['dynamodb', 'sns', 'sqs', 'ssm'];

/** Comes before anything that the author's code says of its own, which counts more. */
const followsVariables = services
  .map((name) => ({ name, variable: `process.env.AWS_ENDPOINT_URL_${name.toUpperCase()}` }))
  .map(({ name, variable }) => `if (${variable}) AWS.config.${name} = { endpoint: ${variable} };`)
  .join('\n');

/**
 * Version 2 of the AWS SDK as a module can be seen to use it: `require('aws-sdk')` would take in the clients of all
 * services, which are 9 MB.
 *
 * For the sandbox it is made to follow `AWS_ENDPOINT_URL_DYNAMODB` and the like, as version 3 does by itself; else it would
 * ask AWS with the developer's keys.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html (read 2026-11)
 */
export function sdk2Plugin({ findsLocalServices }: { readonly findsLocalServices: boolean }): Plugin {
  return {
    name: space,
    setup(builder) {
      usedClientsOnly(builder);
      if (!findsLocalServices) return;
      builder.onLoad({ filter: /[\\/]aws-sdk[\\/]lib[\\/]node_loader\.js$/ }, async ({ path }) => ({
        contents: `${await readFile(path, 'utf8')}\n${followsVariables}\n`,
      }));
    },
  };
}

function usedClientsOnly(builder: PluginBuild): void {
  builder.onResolve({ filter: /^aws-sdk$/ }, async ({ path, resolveDir, kind, importer, namespace, pluginData }) => {
    if (pluginData === secondPass || namespace !== 'file') return undefined;
    const own = await builder.resolve(path, { resolveDir, kind, importer, pluginData: secondPass });
    if (own.external || !/[\\/]aws-sdk[\\/]lib[\\/]aws\.js$/.test(own.path)) return undefined;
    const folder = dirname(dirname(own.path));
    const clients = await clientsIn(folder);
    const used = usedMembers(await readFile(importer, 'utf8'), {
      name: path,
      members: [...clients.keys()],
      isOneObject: true,
    });
    if (used === undefined) return own;
    const files = used.map((name) => `./clients/${clients.get(name)}`);
    return { path: ['./lib/node_loader', ...files].join(','), namespace: space, pluginData: folder };
  });
  builder.onLoad({ filter: /^/, namespace: space }, ({ path, pluginData: folder }) => ({
    contents: [...path.split(',').map((file) => `require('${file}');`), `module.exports = require('./lib/core');`].join(
      '\n',
    ),
    resolveDir: String(folder),
  }));
}

/** `DynamoDB` and `dynamodb`: the names of clients, and of their files. */
async function clientsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(folder, 'clients', 'all.js'), 'utf8');
  return new Map(
    [...text.matchAll(/^\s*(\w+): require\('\.\/(\w+)'\)/gm)].map(([, name = '', file = '']) => [name, file]),
  );
}
