import { UsageError } from '../arguments.ts';
import { printableLine } from '../printable.ts';

/**
 * Explains an error of the AWS SDK that a user can act on: credentials, region, permissions, or the network.
 * @param doing the failed action, such as `read the outputs of the stack Hooks`
 * @returns a `UsageError`, or any other error unchanged
 */
export function explained(error: unknown, doing: string): unknown {
  const advice = error instanceof Error ? adviceFor(error) : undefined;
  return advice === undefined ? error : new UsageError(`Could not ${doing}. ${advice}`, { cause: error });
}

/**
 * Calls AWS.
 * @param doing the action, such as `start the replay`
 * @throws {UsageError} if the call fails with an error that a user can act on
 */
export async function withAdvice<T>(doing: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw explained(error, doing);
  }
}

/** The message for an error after which a command continues, safe to print on one line. */
export function reasonOf(error: unknown, doing: string): string {
  const reason = explained(error, doing);
  return printableLine(reason instanceof Error ? reason.message : String(reason));
}

const NO_REGION = 'No valid AWS region is set: set AWS_REGION, or AWS_PROFILE.';
const SIGN_IN = 'Sign in (`aws sso login`, `aws configure`), or set AWS_PROFILE.';

/** The messages of these errors may quote the request, and with it a secret. */
const REFUSED = 'AWS refused the request as not valid.';

const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError: `No AWS credentials were found. ${SIGN_IN}`,
  TokenProviderError: `The session has ended. ${SIGN_IN}`,
  ExpiredToken: `The AWS credentials have expired. ${SIGN_IN}`,
  ExpiredTokenException: `The AWS credentials have expired. ${SIGN_IN}`,
  InvalidAccessKeyId: `AWS does not know these credentials. ${SIGN_IN}`,
  InvalidClientTokenId: `AWS does not know these credentials. ${SIGN_IN}`,
  UnrecognizedClientException: `AWS does not know these credentials. ${SIGN_IN}`,
  InvalidSignatureException: `The AWS credentials are wrong. ${SIGN_IN}`,
  SignatureDoesNotMatch: `The AWS credentials are wrong. ${SIGN_IN}`,
  ValidationException: REFUSED,
  InvalidParameterException: REFUSED,
  ParameterPatternMismatchException: REFUSED,
};

function adviceFor(error: Error): string | undefined {
  if (isDenied(error)) return `Access denied: ${error.message}`;
  if (/^Region (is missing|not accepted)/.test(error.message)) return NO_REGION;
  if (Object.hasOwn(ADVICE, error.name)) return ADVICE[error.name];
  if ('syscall' in error || error.name === 'TimeoutError') return `AWS cannot be reached: ${error.message}`;
  if ('$fault' in error) return `AWS responded with ${error.name}: ${error.message}`;
  return '$metadata' in error ? unreadable(error.$metadata) : undefined;
}

/** The client could not parse the response, such as the page of a proxy. */
function unreadable(metadata: unknown): string {
  const { httpStatusCode: status } = metadata as { readonly httpStatusCode?: number };
  return `The response is not one of AWS${status === undefined ? '' : `: HTTP ${status}`}. Check AWS_REGION, and the network: a proxy may have answered.`;
}

/** Whether permissions are missing. The error is `AccessDenied` in the query protocol, `AccessDeniedException` in JSON. */
export function isDenied({ name }: Error): boolean {
  return name === 'AccessDenied' || name === 'AccessDeniedException';
}
