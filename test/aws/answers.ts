import type { AwsCall } from '../../packages/deploy/src/aws/aws.ts';

/** How AWS refuses, in its own words. */
export interface Refusal {
  readonly status: number;
  /** `ThrottlingException` */
  readonly code: string;
  readonly message: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type ServiceName = 'CloudFormation' | 'S3' | 'Lambda' | 'SSM' | 'STS' | 'CloudWatchLogs';

type Kind = 'throttled' | 'expired' | 'denied' | 'unknownKey' | 'unavailable';

/** Codes and status of each service; `{action}` is the right that is missing. */
const refusals: Readonly<Record<Kind, Readonly<Record<ServiceName, readonly [number, string, string]>>>> = {
  throttled: {
    CloudFormation: [400, 'Throttling', 'Rate exceeded'],
    STS: [400, 'Throttling', 'Rate exceeded'],
    S3: [503, 'SlowDown', 'Please reduce your request rate.'],
    Lambda: [429, 'TooManyRequestsException', 'Rate exceeded'],
    SSM: [400, 'ThrottlingException', 'Rate exceeded'],
    CloudWatchLogs: [400, 'ThrottlingException', 'Rate exceeded'],
  },
  expired: {
    CloudFormation: [403, 'ExpiredToken', 'The security token included in the request is expired'],
    STS: [403, 'ExpiredToken', 'The security token included in the request is expired'],
    S3: [400, 'ExpiredToken', 'The provided token has expired.'],
    Lambda: [403, 'ExpiredTokenException', 'The security token included in the request is expired'],
    SSM: [400, 'ExpiredTokenException', 'The security token included in the request is expired'],
    CloudWatchLogs: [400, 'ExpiredTokenException', 'The security token included in the request is expired'],
  },
  denied: {
    CloudFormation: [403, 'AccessDenied', notAuthorized()],
    STS: [403, 'AccessDenied', notAuthorized()],
    S3: [403, 'AccessDenied', 'Access Denied'],
    Lambda: [403, 'AccessDeniedException', notAuthorized()],
    SSM: [400, 'AccessDeniedException', notAuthorized()],
    CloudWatchLogs: [400, 'AccessDeniedException', notAuthorized()],
  },
  unknownKey: {
    CloudFormation: [403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'],
    STS: [403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'],
    S3: [403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
    Lambda: [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
    SSM: [400, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
    CloudWatchLogs: [400, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  },
  unavailable: {
    CloudFormation: [503, 'ServiceUnavailable', 'Service is unable to handle request.'],
    STS: [503, 'ServiceUnavailable', 'Service is unable to handle request.'],
    S3: [503, 'ServiceUnavailable', 'Service is unable to handle request.'],
    Lambda: [500, 'ServiceException', 'An error occurred and the request cannot be processed.'],
    SSM: [500, 'InternalServerError', 'An error occurred on the server side.'],
    CloudWatchLogs: [500, 'ServiceUnavailableException', 'The service cannot complete the request.'],
  },
};

function notAuthorized(): string {
  const who = 'User: arn:aws:iam::000000000000:user/dev';
  return `${who} is not authorized to perform: {action} because no identity-based policy allows the {action} action`;
}

/** How a service refuses a call in a kind of trouble that all of them have. */
export function refusalOf(kind: Kind, { service, operation }: AwsCall): Refusal {
  const [status, code, message] = refusals[kind][service as ServiceName];
  const action = `${service === 'CloudWatchLogs' ? 'logs' : service.toLowerCase()}:${operation}`;
  return { status, code, message: message.replaceAll('{action}', action) };
}

/** How CloudFormation refuses a change set while it works on the stack. */
export function stackInProgress(stackName: string, status = 'UPDATE_IN_PROGRESS'): Refusal {
  const arn = `arn:aws:cloudformation:us-west-2:000000000000:stack/${stackName}/5f0b6b50-0000-11ef-8000-0a1b2c3d4e5f`;
  return {
    status: 400,
    code: 'ValidationError',
    message: `Stack:${arn} is in ${status} state and can not be updated.`,
  };
}

const requestId = '7a62c49f-347e-4fc4-9331-6e8eEXAMPLE';

/**
 * A refusal as it comes over the wire: XML from CloudFormation and STS, another XML from S3, JSON with the name in
 * the body from SSM and the logs, JSON with the name in a header from Lambda.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html (read 2026-11)
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html (read 2026-11)
 */
export function answerOf(service: string, { status, code, message }: Refusal): Answer {
  const named = { 'x-amzn-requestid': requestId };
  switch (service as ServiceName) {
    case 'CloudFormation':
    case 'STS': {
      const type = status < 500 ? 'Sender' : 'Receiver';
      const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${escape(message)}</Message></Error>`;
      const namespace = `https://${service.toLowerCase()}.amazonaws.com/doc/`;
      const body = `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
      return { status, headers: { ...named, 'content-type': 'text/xml' }, body };
    }
    case 'S3': {
      const error = `<Code>${code}</Code><Message>${escape(message)}</Message><RequestId>${requestId}</RequestId>`;
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${error}<HostId>host</HostId></Error>`;
      return { status, headers: { 'x-amz-request-id': requestId, 'content-type': 'application/xml' }, body };
    }
    case 'SSM':
    case 'CloudWatchLogs': {
      const body = JSON.stringify({ __type: code, message });
      return { status, headers: { ...named, 'content-type': 'application/x-amz-json-1.1' }, body };
    }
    case 'Lambda': {
      const body = JSON.stringify({ Type: status < 500 ? 'User' : 'Service', message });
      return { status, headers: { ...named, 'content-type': 'application/json', 'x-amzn-errortype': code }, body };
    }
    default:
      throw new Error(`No such service: ${service}`);
  }
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
