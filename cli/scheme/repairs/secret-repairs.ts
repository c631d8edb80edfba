import { decodeKey } from '../../../lambda/signature/algorithm.ts';
import { isJsonObject, jsonValue } from '../../../lambda/signature/json-body.ts';
import type { CauseName } from '../causes.ts';
import type { Delivery } from '../delivery.ts';
import type { Repair } from './repair.ts';

type Change = readonly [CauseName, (secret: string) => readonly string[], string?];

/** What precedes the secrets of providers. */
const PREFIXES = ['whsec_', 'v1,whsec_', 'whpk_'];

/** What people copy along with a secret. */
const COPIED_ALONG = /^(?:(?:v1,)?whsec_|whpk_|(?:sha1|sha256|hmac|bearer|basic|token|secret|key)[=: ]\s*)/i;

const CHANGES: readonly Change[] = [
  ['secret-quoted', (secret) => matchOf(/^(["'`])(.*)\1$/s, secret, 2)],
  ['secret-assignment', (secret) => matchOf(/^(?:export\s+)?[A-Z][A-Z0-9_]*\s*=\s*["']?(.+?)["']?$/s, secret, 1)],
  ['secret-in-json', valuesIn],
  ['secret-escaped', (secret) => [unescaped(secret), percentDecoded(secret)]],
  ['secret-line-breaks', (secret) => pemLines(secret)],
  ['secret-white-space', (secret) => [secret.replace(/[\s\p{Cf}]+/gu, '')]],
  ['secret-line-end', (secret) => ['\n', '\r\n', ' '].map((end) => secret + end)],
  ['secret-prefix', (secret) => [secret.replace(COPIED_ALONG, '')]],
  ['secret-prefix-missing', (secret) => PREFIXES.map((prefix) => prefix + secret)],
  ['secret-encoded', (secret) => [textIn(secret, 'base64'), textIn(secret, 'hex')]],
  ['secret-encoding', (secret) => [recoded(secret, 'hex', 'base64')], 'it is in hexadecimal, and must be in base64'],
  ['secret-encoding', (secret) => [recoded(secret, 'base64', 'hex')], 'it is in base64, and must be in hexadecimal'],
  ['secret-encoding', (secret) => [Buffer.from(secret).toString('hex')], 'it is text, and must be in hexadecimal'],
  ['secret-encoding', (secret) => [Buffer.from(secret).toString('base64')], 'it is text, and must be in base64'],
  [
    'secret-encoding',
    (secret) => [secret.replaceAll('-', '+').replaceAll('_', '/')],
    'it is in base64url, and must be in base64',
  ],
  ['secret-case', (secret) => [secret.toLowerCase(), secret.toUpperCase()]],
];

/** The secret as it may have been meant. */
export function* secretRepairs(delivery: Delivery): Generator<Repair> {
  const { secret } = delivery;
  for (const [name, change, detail] of CHANGES) {
    for (const changed of new Set(change(secret))) {
      if (changed !== '' && changed !== secret) yield { name, detail, delivery: { ...delivery, secret: changed } };
    }
  }
}

function matchOf(pattern: RegExp, secret: string, group: number): readonly string[] {
  return [pattern.exec(secret)?.[group]?.trim() ?? ''];
}

/** The texts in a JSON object, as Secrets Manager stores key/value pairs, or a JSON text. */
function valuesIn(secret: string): readonly string[] {
  const value = jsonValue(Buffer.from(secret));
  const values = isJsonObject(value) ? Object.values(value).slice(0, 10) : [value];
  return values.filter((each) => typeof each === 'string');
}

const unescaped = (secret: string) => secret.replace(/\\[nr]/g, '\n').trim();

function percentDecoded(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch {
    return secret;
  }
}

function pemLines(secret: string): readonly string[] {
  const [, begin, base64 = '', end] = /^(-----BEGIN [A-Z ]+-----)(.*)(-----END [A-Z ]+-----)$/s.exec(secret) ?? [];
  if (begin === undefined || end === undefined) return [];
  return [`${begin}\n${base64.replace(/\s+|\\n/g, '').replace(/.{64}/g, '$&\n')}\n${end}\n`];
}

/** The text that a secret encodes; empty unless it is printable. */
function textIn(secret: string, encoding: 'hex' | 'base64'): string {
  const text = decodeKey(secret, encoding)?.toString() ?? '';
  return /^[\x20-\x7e\s]+$/.test(text) ? text.trim() : '';
}

const recoded = (secret: string, from: 'hex' | 'base64', to: 'hex' | 'base64') =>
  decodeKey(secret, from)?.toString(to) ?? '';
