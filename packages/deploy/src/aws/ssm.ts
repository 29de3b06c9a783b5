import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { ParameterStore, StoredParameter } from './aws.ts';
import { first, heard, pagesOf, type Connection } from './connection.ts';
import { refusalOf } from './failure.ts';

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html (read 2026-11) */
const mostNamesPerCall = 10;

/** The parameter store. */
export function openSsm(connection: Connection): ParameterStore & Disposable {
  const client = new SSMClient(connection.config);
  client.middlewareStack.add(heard('SSM', connection), first);

  const put = (name: string, value: string) =>
    client.send(new PutParameterCommand({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }));

  const remove = async (names: readonly string[]) => {
    for (let start = 0; start < names.length; start += mostNamesPerCall) {
      await client.send(new DeleteParametersCommand({ Names: names.slice(start, start + mostNamesPerCall) }));
    }
  };

  return {
    async get(name) {
      try {
        const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
        return Parameter?.Value;
      } catch (error) {
        if (refusalOf(error)?.name === 'ParameterNotFound') return undefined;
        throw error;
      }
    },

    async list(path) {
      const found: StoredParameter[] = [];
      const input = { Path: path, Recursive: true, WithDecryption: true };
      for await (const page of pagesOf((token) =>
        client.send(new GetParametersByPathCommand({ ...input, ...token })),
      )) {
        for (const { Name = '', Value = '', LastModifiedDate } of page.Parameters ?? []) {
          found.push({ name: Name, value: Value, modifiedAtMs: LastModifiedDate?.getTime() });
        }
      }
      return found;
    },

    async put(name, value) {
      try {
        await put(name, value);
      } catch (error) {
        // Plain text that another tool has put there: its type cannot be changed in place.
        if (refusalOf(error)?.name !== 'HierarchyTypeMismatchException') throw error;
        await remove([name]);
        await put(name, value);
      }
    },

    remove,
    [Symbol.dispose]: () => client.destroy(),
  };
}
