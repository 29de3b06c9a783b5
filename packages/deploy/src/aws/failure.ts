import { errors } from '../errors.ts';
import { iamAction } from './iam-action.ts';

/** The call that failed. */
export interface CallContext {
  /** `CloudFormation` */
  readonly service: string;
  /** `CreateChangeSet` */
  readonly operation: string;
  readonly region: string;
  readonly profile?: string | undefined;
}

/** What the SDK throws, as far as it is known: an answer of AWS has `$metadata`, what the system refuses has a `code`. */
export interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

type Kind = 'credentials' | 'expired' | 'invalid' | 'clock' | 'denied' | 'throttled' | 'unreachable';

const kindOf: ReadonlyMap<string, Kind> = new Map([
  ...named('credentials', ['CredentialsProviderError', 'TokenProviderError', 'ProviderError']),
  ...named('expired', ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']),
  ...named('invalid', [
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
    'InvalidSignatureException',
    'IncompleteSignature',
    'InvalidToken',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'AuthFailure',
  ]),
  ...named('clock', ['RequestTimeTooSkewed', 'RequestInTheFuture']),
  ...named('denied', [
    'AccessDenied',
    'AccessDeniedException',
    'UnauthorizedOperation',
    'AuthorizationError',
    'Forbidden',
  ]),
  ...named('throttled', [
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'RequestThrottled',
    'RequestThrottledException',
    'TooManyRequestsException',
    'TooManyUpdates',
    'SlowDown',
    'RequestLimitExceeded',
  ]),
  // Of Node.js, of OpenSSL through Node.js, and of the SDK.
  ...named('unreachable', [
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'ETIMEDOUT',
    'ENETUNREACH',
    'ENETDOWN',
    'EHOSTUNREACH',
    'EPROTO',
    'ERR_INVALID_URL',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'TimeoutError',
  ]),
]);

function named(kind: Kind, names: readonly string[]): readonly (readonly [string, Kind])[] {
  return names.map((name) => [name, kind]);
}

/**
 * What a person must know of an error that the SDK has thrown: a `UserError` with the original, less its answer, as its
 * cause. An error
 * that is neither AWS's nor the network's comes back as it is.
 *
 * Names are those of the services' common errors.
 *
 * @see https://docs.aws.amazon.com/awscloudformation/latest/APIReference/CommonErrors.html (read 2026-11)
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (read 2026-11)
 */
export function awsFailure(thrown: unknown, context: CallContext): unknown {
  if (!isSdkError(thrown)) return thrown;
  const error = withoutSecrets(thrown);
  const call = `${context.service} ${context.operation} in ${context.region}`;
  switch (selectKind(error)) {
    case 'credentials':
      return errors.awsCredentialsMissing(oneLine(error.message), context.profile, error);
    case 'expired':
      return errors.awsCredentialsExpired(signIn(context.profile), error);
    case 'invalid':
      return errors.awsCredentialsInvalid(error.name, error);
    case 'clock':
      return errors.awsClockWrong(error);
    case 'denied':
      return errors.awsAccessDenied(deniedAction(error, context), detailOf(error), error);
    case 'throttled':
      return errors.awsThrottled(call, error);
    case 'unreachable':
      return errors.awsUnreachable(call, error.code ?? error.name, error);
    case undefined:
      return otherFailure(error, call);
  }
}

function otherFailure(error: SdkError, call: string): unknown {
  const status = error.$metadata?.httpStatusCode;
  if (status === undefined) return error;
  if (status >= 500) return errors.awsFault(call, `${status} ${error.name}`, error);
  if (error.message.includes('Deserialization error:')) {
    return errors.awsUnreachable(call, 'what answers there is not AWS', error);
  }
  return errors.awsRefused(call, `${detailOf(error)} (${error.name})`, error);
}

/**
 * The SDK hangs the whole conversation on an error, signature and token included; whoever prints the cause must not
 * print that.
 */
function withoutSecrets(error: SdkError): SdkError {
  if (!('$response' in error)) return error;
  const { name, stack = '', code, $metadata } = error;
  const message = withoutQuotes(error.message);
  const rest = { name, stack: stack.replace(error.message, () => message) };
  return Object.assign(new Error(message), rest, code && { code }, $metadata && { $metadata });
}

/**
 * A message less what it repeats of the request: a refused signature is answered with all that was signed, headers
 * with the session token too, and a refused value with the value.
 */
function withoutQuotes(message: string): string {
  return message.replace(/\s*The Canonical String[^]*/, '').replaceAll(/\bvalue '[^]*?' at\b/gi, 'value at');
}

function isSdkError(error: unknown): error is SdkError {
  return error instanceof Error;
}

function selectKind(error: SdkError): Kind | undefined {
  const { name, message } = error;
  const kind = kindOf.get(name) ?? kindOf.get(error.code ?? '');
  // Sign-ins (`aws sso login`, `aws login`) and clocks are told by their words only.
  if (kind === 'credentials' && /expired|reauthenticate|sso login/i.test(message)) return 'expired';
  if (kind === 'invalid' && /^Signature (?:expired|not yet current)/.test(message)) return 'clock';
  // An answer to HEAD has no body, so no name.
  if (kind === undefined && error.$metadata?.httpStatusCode === 403) return 'denied';
  return kind;
}

function signIn(profile: string | undefined): string {
  return profile === undefined ? '"aws sso login"' : `"aws sso login --profile ${profile}"`;
}

/** AWS's own word for what is missing, where its message has it. */
function deniedAction({ message }: SdkError, { service, operation }: CallContext): string {
  return /not authorized to perform: ([a-z0-9-]+:\w+)/i.exec(message)?.[1] ?? iamAction(service, operation);
}

/** The message, where there is one. */
function detailOf({ name, message }: SdkError): string {
  const text = oneLine(message);
  return text === name || text === 'UnknownError' ? '' : text;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Name and words of AWS's refusal behind an error of `awsFailure`. */
export interface Refusal {
  /** `ValidationError` */
  readonly name: string;
  readonly message: string;
  readonly status: number;
}

/** The refusal that an error stands for; `undefined` for anything that is not an answer of AWS. */
export function refusalOf(error: unknown): Refusal | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!isSdkError(cause)) return undefined;
  const status = cause.$metadata?.httpStatusCode;
  return status === undefined ? undefined : { name: cause.name, message: cause.message, status };
}
