import type { SignedRequest } from '../../lambda/signature/signed-request.ts';

/** The headers of a request with one value each, as most SDKs take them. */
export const singleHeaders = ({ headers }: SignedRequest): Record<string, string> =>
  Object.fromEntries([...headers].map(([name, [value = '']]) => [name, value]));
