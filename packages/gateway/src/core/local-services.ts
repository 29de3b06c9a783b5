import { limits } from '@furrow/protocol';
import type { Service } from './authorization.ts';

/** A service that only the local machine offers. */
interface LocalServiceRules {
  /** What its signatures are for. */
  readonly service: Service;
  /** More than any of its requests may have; up to here a body is read, so that its signature is checked first. */
  readonly maxBodyBytes: number;
}

const ssm: LocalServiceRules = { service: 'ssm', maxBodyBytes: 4 * limits.maxMessageBytes };
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html (read 2026-11) */
const dynamoDb: LocalServiceRules = { service: 'dynamodb', maxBodyBytes: 16 * 1024 * 1024 };

/** Whose request it is, by the header `x-amz-target`: `DynamoDB_20120810.GetItem`, `AmazonSSM.GetParameter`. */
export function localServiceRules(target: string | undefined): LocalServiceRules {
  return target?.startsWith('DynamoDB') === true ? dynamoDb : ssm;
}
