import { UsageError } from '../arguments.ts';

/**
 * An error of the AWS SDK that its user can act on, as a message for them: who they are, where they are, what they may
 * do, and whether AWS was reached. Any other error is what it was.
 * @param doing what was tried, such as `read the outputs of the stack Hooks`
 */
export function explained(error: unknown, doing: string): unknown {
  const advice = error instanceof Error ? adviceFor(error) : undefined;
  return advice === undefined ? error : new UsageError(`Could not ${doing}. ${advice}`, { cause: error });
}

/** Does something with AWS; what a user can act on becomes a {@link UsageError}. */
export async function withAdvice<T>(doing: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw explained(error, doing);
  }
}

/** Why something could not be done with AWS, in words for its user; for what goes on with the rest. */
export function reasonOf(error: unknown, doing: string): string {
  const reason = explained(error, doing);
  return reason instanceof Error ? reason.message : String(reason);
}

const NO_REGION = 'No valid AWS region is set: set AWS_REGION, or AWS_PROFILE.';
const SIGN_IN = 'Sign in (`aws sso login`, `aws configure`), or set AWS_PROFILE.';

/** The messages of these may quote what was sent. */
const REFUSED = 'AWS refused what was sent as not valid.';

const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError: `No AWS credentials were found. ${SIGN_IN}`,
  TokenProviderError: `The session has ended. ${SIGN_IN}`,
  ExpiredToken: `The AWS credentials have expired. ${SIGN_IN}`,
  ExpiredTokenException: `The AWS credentials have expired. ${SIGN_IN}`,
  InvalidClientTokenId: `AWS does not know these credentials. ${SIGN_IN}`,
  UnrecognizedClientException: `AWS does not know these credentials. ${SIGN_IN}`,
  InvalidSignatureException: `The AWS credentials are wrong. ${SIGN_IN}`,
  SignatureDoesNotMatch: `The AWS credentials are wrong. ${SIGN_IN}`,
  ValidationException: REFUSED,
  InvalidParameterException: REFUSED,
};

function adviceFor(error: Error): string | undefined {
  if (isDenied(error)) return `Access denied: ${error.message}`;
  if (/^Region (is missing|not accepted)/.test(error.message)) return NO_REGION;
  if (Object.hasOwn(ADVICE, error.name)) return ADVICE[error.name];
  if ('syscall' in error || error.name === 'TimeoutError') return `AWS cannot be reached: ${error.message}`;
  return '$fault' in error ? `AWS answered ${error.name}: ${error.message}` : undefined;
}

/** The query protocol says `AccessDenied`, the JSON ones `AccessDeniedException`. */
export function isDenied({ name }: Error): boolean {
  return name === 'AccessDenied' || name === 'AccessDeniedException';
}
