import * as v from 'valibot';
import { UsageError } from '../arguments.ts';

/** What the caller sent is not what the path takes. */
export class BadRequest extends UsageError {}

/** @throws {BadRequest} if it does not match the schema */
export function parsed<T>(schema: v.GenericSchema<unknown, T>, given: unknown): T {
  const result = v.safeParse(schema, given);
  if (!result.success) throw new BadRequest('A parameter is missing or wrong.');
  return result.output;
}
