import type { AwsCall } from '../../packages/deploy/src/aws/aws.ts';

/** What tells one request of the SDK from another. */
export interface AwsRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Only of those that are sent as a form. */
  readonly form?: URLSearchParams | undefined;
}

/** What the signature calls a service, and what the SDK calls it. */
const services: Readonly<Record<string, string>> = {
  cloudformation: 'CloudFormation',
  sts: 'STS',
  s3: 'S3',
  lambda: 'Lambda',
  ssm: 'SSM',
  logs: 'CloudWatchLogs',
};

/** Which call of AWS a request is; `undefined` for one that is not signed for one of the six services. */
export function operationOf(request: AwsRequest): AwsCall | undefined {
  const scope = /Credential=[^/]*\/\d+\/[^/]*\/([a-z0-9-]+)\//.exec(String(request.headers['authorization']))?.[1];
  const service = services[scope ?? ''];
  if (service === undefined) return undefined;
  const operation = operationName(service, request);
  return operation === undefined ? undefined : { service, operation };
}

function operationName(service: string, request: AwsRequest): string | undefined {
  switch (service) {
    case 'CloudFormation':
    case 'STS':
      return request.form?.get('Action') ?? undefined;
    case 'SSM':
    case 'CloudWatchLogs':
      return String(request.headers['x-amz-target']).split('.').at(-1);
    case 'Lambda':
      return lambdaOperation(request);
    default:
      return s3Operation(request);
  }
}

function lambdaOperation({ method, url }: AwsRequest): string | undefined {
  if (method === 'PUT' && url.endsWith('/code')) return 'UpdateFunctionCode';
  if (method === 'GET' && url.endsWith('/configuration')) return 'GetFunctionConfiguration';
  return undefined;
}

/** Operations on a bucket, by method and the parameter that tells them apart. */
const ofBucket: readonly (readonly [method: string, parameter: string | undefined, operation: string])[] = [
  ['HEAD', undefined, 'HeadBucket'],
  ['GET', 'versions', 'ListObjectVersions'],
  ['GET', 'list-type', 'ListObjectsV2'],
  ['PUT', 'publicAccessBlock', 'PutPublicAccessBlock'],
  ['PUT', 'encryption', 'PutBucketEncryption'],
  ['PUT', 'ownershipControls', 'PutBucketOwnershipControls'],
  ['PUT', 'lifecycle', 'PutBucketLifecycleConfiguration'],
  ['PUT', undefined, 'CreateBucket'],
  ['POST', 'delete', 'DeleteObjects'],
  ['DELETE', undefined, 'DeleteBucket'],
];

const ofObject: Readonly<Record<string, string>> = { HEAD: 'HeadObject', PUT: 'PutObject', GET: 'GetObject' };

function s3Operation({ method, url }: AwsRequest): string | undefined {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  if (pathname.split('/').filter((part) => part !== '').length > 1) return ofObject[method];
  return ofBucket.find(([on, name]) => on === method && (name === undefined || searchParams.has(name)))?.[2];
}
