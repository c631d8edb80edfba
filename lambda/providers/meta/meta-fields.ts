import * as v from 'valibot';
import { epochMilliseconds, text } from '../fields.ts';

/** The first time in milliseconds. Smaller numbers are seconds: no plausible time is in both ranges. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** Epoch seconds or milliseconds, as a number or as text: Meta's products differ. The output is in milliseconds. */
export const time = () =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,13}$/), v.transform(Number))]),
    v.transform((value) => (value < FIRST_MILLISECONDS ? value * 1000 : value)),
    epochMilliseconds(),
  );

/** The id of a message. */
export const messageId = () => text(1, 1_024);
