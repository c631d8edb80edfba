import { type HeaderValues, onlyValue } from '../signature/signed-request.ts';

/** The value of a header; undefined unless the request has it exactly once, and it could be an event id or a type. */
export function header(headers: HeaderValues, key: string): string | undefined {
  const value = onlyValue(headers, key);
  return value !== undefined && value.length >= 1 && value.length <= 256 ? value : undefined;
}
