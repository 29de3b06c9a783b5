import { GetFunctionConfigurationCommand, LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import type { Functions } from './aws.ts';
import { first, heard, type Connection } from './connection.ts';
import { refusalOf } from './failure.ts';

/** Deployed functions. */
export function openLambda(connection: Connection): Functions & Disposable {
  const client = new LambdaClient(connection.config);
  client.middlewareStack.add(heard('Lambda', connection), first);
  return {
    async state(functionName) {
      try {
        const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
        return {
          codeSha256: found.CodeSha256 ?? '',
          codeBytes: found.CodeSize ?? 0,
          runtime: found.Runtime ?? '',
          modifiedAtMs: found.LastModified === undefined ? undefined : Date.parse(found.LastModified),
          lastUpdateStatus: found.LastUpdateStatus ?? 'Successful',
          lastUpdateReason: found.LastUpdateStatusReason || undefined,
        };
      } catch (error) {
        if (refusalOf(error)?.name === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },

    async updateCode(functionName, code) {
      const source = Buffer.isBuffer(code) ? { ZipFile: code } : { S3Bucket: code.bucket, S3Key: code.key };
      try {
        await client.send(new UpdateFunctionCodeCommand({ FunctionName: functionName, ...source }));
        return 'accepted';
      } catch (error) {
        const name = refusalOf(error)?.name;
        if (name === 'ResourceConflictException') return 'busy';
        if (name === 'ResourceNotFoundException') return 'missing';
        throw error;
      }
    },

    [Symbol.dispose]: () => client.destroy(),
  };
}
