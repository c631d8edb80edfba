import { getSystemErrorMessage } from 'node:util';

/** What went wrong in a call of the operating system, such as `no such file or directory`, without path and call. */
export function systemMessage(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
