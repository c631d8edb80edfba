import { UsageError } from '../cli/arguments.ts';
import type { Encoding } from '../lambda/signature/algorithm.ts';
import { iso8601, milliseconds, seconds, type TimeFormat } from '../lambda/signature/signed-time.ts';

/** The parameters of a description, for `--help`. */
export const DESCRIPTION_HELP = `    header=NAME                       header of the signature
    prefix=TEXT                       text before the signature, such as sha256= (default: none)
    encoding=hex|base64               encoding of the signature (default: hex)
    algorithm=sha1|sha256|sha512      hash of the HMAC (default: sha256)
    timestamp=NAME                    header of the signed timestamp (default: none)
    format=seconds|milliseconds|iso   format of the timestamp (default: seconds)
    tolerance=SECONDS                 greatest age of the timestamp (default: 300)
    content=TEMPLATE                  signed content (default: {body}; with a timestamp, {timestamp}.{body})`;

const ALGORITHMS = ['sha1', 'sha256', 'sha512'] as const;
const ENCODINGS = ['hex', 'base64'] as const satisfies readonly Encoding[];
const FORMATS: Readonly<Record<string, TimeFormat>> = { seconds, milliseconds, iso: iso8601 };
const PARAMETERS = ['header', 'prefix', 'encoding', 'algorithm', 'timestamp', 'format', 'tolerance', 'content'];

/** Description of a signature scheme that is not one of our providers'. */
export interface SignatureDescription {
  /** Header of the signature, in lower case. */
  readonly header: string;
  /** Header of the signed timestamp, in lower case; undefined if there is none. */
  readonly timestamp: string | undefined;
  /** Text before the signature. */
  readonly prefix: string;
  readonly encoding: Encoding;
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly format: TimeFormat;
  readonly toleranceSeconds: number;
  /** Template of the signed content, with `{timestamp}` and `{body}`. */
  readonly content: string;
}

/**
 * Reads a description such as `header=X-Signature,prefix=sha256=,encoding=hex`.
 * @throws {UsageError} for an unknown, repeated or invalid parameter
 */
export function readDescription(text: string): SignatureDescription {
  const parameters = parametersIn(text);
  const header = headerOf(parameters, 'header');
  const timestamp = headerOf(parameters, 'timestamp');
  const content = parameters.get('content') ?? (timestamp === undefined ? '{body}' : '{timestamp}.{body}');
  if (header === undefined) throw new UsageError(`--signature needs header=NAME.\n\n${DESCRIPTION_HELP}`);
  if (!content.includes('{body}')) throw new UsageError('content of --signature must contain {body}.');
  return {
    header,
    timestamp,
    prefix: parameters.get('prefix') ?? '',
    encoding: oneOf(parameters, 'encoding', ENCODINGS, 'hex'),
    algorithm: oneOf(parameters, 'algorithm', ALGORITHMS, 'sha256'),
    format: FORMATS[oneOf(parameters, 'format', Object.keys(FORMATS), 'seconds')] ?? seconds,
    toleranceSeconds: toleranceOf(parameters),
    content,
  };
}

type Parameters = ReadonlyMap<string, string>;

function parametersIn(text: string): Parameters {
  const parameters = new Map<string, string>();
  for (const parameter of text.split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)=(.*)$/.exec(parameter) ?? [];
    if (!PARAMETERS.includes(name)) {
      throw new UsageError(`--signature has no parameter "${parameter.trim()}".\n\n${DESCRIPTION_HELP}`);
    }
    if (parameters.has(name)) throw new UsageError(`--signature has ${name} twice.`);
    parameters.set(name, value);
  }
  return parameters;
}

function headerOf(parameters: Parameters, name: string): string | undefined {
  const header = parameters.get(name);
  if (header === undefined || /^[\w!#$%&'*+.^`|~-]+$/.test(header)) return header?.toLowerCase();
  throw new UsageError(`${name} of --signature must be the name of a header, not "${header}".`);
}

function oneOf<T extends string>(parameters: Parameters, name: string, allowed: readonly T[], standard: T): T {
  const value = parameters.get(name) ?? standard;
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${name} of --signature must be one of ${allowed.join(', ')}.`);
  return found;
}

function toleranceOf(parameters: Parameters): number {
  const text = parameters.get('tolerance') ?? '300';
  if (!/^\d{1,9}$/.test(text)) throw new UsageError('tolerance of --signature must be a whole number of seconds.');
  return Number(text);
}
