import { getSystemErrorMessage } from 'node:util';

/** The reason why a system call failed, such as `no such file or directory`, without the path and the call. */
export function systemMessage(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
