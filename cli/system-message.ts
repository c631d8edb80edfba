import { getSystemErrorMap } from 'node:util';

/** The reason why a system call failed, such as `no such file or directory`, without the path and the call. */
export function systemMessage(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  // `getSystemErrorMessage` would be shorter, but Node.js 20 does not have it.
  const [, reason] = (errno !== undefined && getSystemErrorMap().get(errno)) || [];
  return reason ?? message;
}
