import type { TimeFormatName } from '../../lambda/providers/custom/custom-definition.ts';
import { jsonValue } from '../../lambda/signature/json-body.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { iso8601WithOffset } from '../../lambda/signature/signed-time.ts';

/** A time and how it is written. */
export interface WrittenTime {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly format: TimeFormatName;
}

/** The years in which a number is a time: from 2001 to 2286. */
const SECONDS = /^[1-9]\d{9}$/;
const MILLISECONDS = /^[1-9]\d{12}$/;

/** Reads a text as a time, as senders write it in headers. */
export function timeIn(text: string): WrittenTime | undefined {
  if (SECONDS.test(text)) return { time: Number(text) * 1000, format: 'seconds' };
  if (MILLISECONDS.test(text)) return { time: Number(text), format: 'milliseconds' };
  const time = iso8601WithOffset.parse(text);
  return time === undefined ? undefined : { time, format: 'iso' };
}

/** More times than a sender signs. */
const MAX_TIMES = 12;

/** The times in a request that its signature may cover, in epoch milliseconds: in its headers, and in its body. */
export function timesIn(request: SignedRequest): readonly number[] {
  const values = [...request.headers.values()].flat().flatMap((value) => [value, ...value.split(/[,;=\s]+/)]);
  const claims = [...request.headers.values()].flat().flatMap(claimsOf);
  const texts = [...values, ...claims, ...scalars(jsonValue(request.body))];
  const times = texts.map((text) => timeIn(text)?.time).filter((time) => time !== undefined);
  return [...new Set(times)].slice(0, MAX_TIMES);
}

/** The numbers in the payload of a JSON Web Token. */
function claimsOf(value: string): readonly string[] {
  const payload = /^(?:\w+ )?[\w-]+\.([\w-]+)\.[\w-]+$/.exec(value)?.[1];
  return payload === undefined ? [] : scalars(jsonValue(Buffer.from(payload, 'base64url')));
}

/** The values of an object and of the objects in it, as text. */
function scalars(value: unknown, depth = 2): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.values(value)
    .slice(0, 50)
    .flatMap((each) => scalars(each, depth - 1));
}
