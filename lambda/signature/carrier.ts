import { onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';

/** What a request claims about its signature. */
export interface Claim {
  /** One valid signature is enough: during a rotation, providers send one for each key. */
  readonly signatures: readonly string[];
  /**
   * The signed time, as text.
   * @default - the signature covers no time
   */
  readonly timestamp?: string | undefined;
  /**
   * The signed id of the message.
   * @default - the signature covers no id
   */
  readonly id?: string;
}

/** The place of a signature in a request. */
export interface Carrier {
  /** Reads what the request claims; a verdict if it claims nothing that could be valid. */
  readonly read: (request: SignedRequest) => Claim | 'missing' | 'malformed';
  /** The request with the claim in the place that `read` looks at. */
  readonly write: (request: SignedRequest, claim: Claim) => SignedRequest;
}

/** The headers of a carrier, in lower case. */
export interface CarrierHeaders {
  /** The header with the signature, in lower case. */
  readonly signature: string;
  /** What precedes the signature, such as `sha256=`. @default - nothing */
  readonly prefix?: string;
  /** The header of the signed time. @default - none */
  readonly timestamp?: string;
}

/** A signature in one header, and the signed time, if there is one, in another. */
export function inHeaders({ signature, prefix = '', timestamp }: CarrierHeaders): Carrier {
  return {
    read({ headers }) {
      const value = onlyValue(headers, signature);
      const time = timestamp && onlyValue(headers, timestamp);
      if (value === undefined || (timestamp && time === undefined)) return 'missing';
      if (!value.startsWith(prefix)) return 'malformed';
      return { signatures: [value.slice(prefix.length)], timestamp: time };
    },
    write: (request, claim) =>
      withHeaders(request, {
        [signature]: prefix + claim.signatures.join(''),
        ...(timestamp !== undefined && { [timestamp]: claim.timestamp ?? '' }),
      }),
  };
}

/** The syntax of a header with fields, such as `t=1,v1=ab`. */
export interface FieldNames {
  /** The header, in lower case. */
  readonly header: string;
  /** The character between two fields. */
  readonly separator: string;
  /** The character between two sets of fields, one for each key. All sets have the same time. @default - one set */
  readonly setSeparator?: string;
  /** The name of the field with the signed time. */
  readonly timestamp: string;
  /** The name of a field with a signature. */
  readonly signature: string;
}

/** More fields than any provider sends in one header. */
const MAX_FIELDS = 20;

/** Signatures and their time in the fields of one header. Fields of other names are ignored. */
export function inFields({ header, separator, setSeparator, timestamp, signature }: FieldNames): Carrier {
  return {
    read({ headers }) {
      const value = onlyValue(headers, header);
      if (value === undefined) return 'missing';
      const sets = setSeparator === undefined ? [value] : value.split(setSeparator, MAX_FIELDS + 1);
      const parts = sets.flatMap((set) => set.split(separator, MAX_FIELDS + 1));
      if (parts.length > MAX_FIELDS) return 'malformed';
      const fields = parts.map((field) => field.trim().split('='));
      const valuesOf = (name: string) => fields.filter(([key]) => key === name).map(([, ...rest]) => rest.join('='));
      const times = valuesOf(timestamp);
      const signatures = valuesOf(signature);
      const isOneTime = times.length === sets.length && new Set(times).size === 1;
      if (!isOneTime || signatures.length === 0) return 'malformed';
      return { signatures, timestamp: times[0] };
    },
    write: (request, claim) => {
      const signatures = claim.signatures.map((each) => `${signature}=${each}`);
      return withHeaders(request, { [header]: [`${timestamp}=${claim.timestamp}`, ...signatures].join(separator) });
    },
  };
}

/** Several headers that may each hold a signature. */
export interface MatchingHeaders {
  /** Matches the name of such a header, in lower case. */
  readonly header: RegExp;
  /** The name of the header that a signature is written to. @param index counted from 0 */
  readonly written: (index: number) => string;
  /** What precedes each signature. @default - nothing */
  readonly prefix?: string;
}

/** A signature for each key, each in another header. A request may have any of the headers, but none of them twice. */
export function inMatchingHeaders({ header, written, prefix = '' }: MatchingHeaders): Carrier {
  return {
    read({ headers }) {
      const values = [...headers].filter(([name]) => header.test(name)).map(([name]) => onlyValue(headers, name));
      const signatures = values.filter((value) => value !== undefined);
      if (signatures.length === 0 || signatures.length < values.length) return 'missing';
      if (!signatures.every((value) => value.startsWith(prefix))) return 'malformed';
      return { signatures: signatures.map((value) => value.slice(prefix.length)) };
    },
    write: (request, { signatures }) => {
      const entries = signatures.map((signature, index) => [written(index), prefix + signature]);
      return withHeaders(request, Object.fromEntries(entries));
    },
  };
}
