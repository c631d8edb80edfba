import { onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';

/** What a request says of its signature. */
export interface Claim {
  /** One is enough to be valid: during a rotation, providers send one of each key. */
  readonly signatures: readonly string[];
  /** The signed time, as it was sent. */
  readonly timestamp?: string | undefined;
  /** The signed id of the message. */
  readonly id?: string;
}

/** Where a signature travels in a request. */
export interface Carrier {
  readonly read: (request: SignedRequest) => Claim | 'missing' | 'malformed';
  /** The request with the claim put where `read` finds it. */
  readonly write: (request: SignedRequest, claim: Claim) => SignedRequest;
}

/** The headers of a carrier, in lower case. */
export interface CarrierHeaders {
  readonly signature: string;
  /** What stands before the signature, such as `sha256=`. */
  readonly prefix?: string;
  readonly timestamp?: string;
}

/** A signature in a header of its own, and the signed time in another where there is one. */
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

/** How a header of fields is written, such as `t=1,v1=ab`. */
export interface FieldNames {
  /** The header, in lower case. */
  readonly header: string;
  readonly separator: string;
  readonly timestamp: string;
  readonly signature: string;
}

/** A signature and its time as fields of one header; a field of another name is passed over. */
export function inFields({ header, separator, timestamp, signature }: FieldNames): Carrier {
  return {
    read({ headers }) {
      const value = onlyValue(headers, header);
      if (value === undefined) return 'missing';
      const fields = value.split(separator).map((field) => field.trim().split('='));
      const valuesOf = (name: string) => fields.filter(([key]) => key === name).map(([, ...rest]) => rest.join('='));
      const [time, ...otherTimes] = valuesOf(timestamp);
      const signatures = valuesOf(signature);
      if (time === undefined || otherTimes.length > 0 || signatures.length === 0) return 'malformed';
      return { signatures, timestamp: time };
    },
    write: (request, claim) => {
      const signatures = claim.signatures.map((each) => `${signature}=${each}`);
      return withHeaders(request, { [header]: [`${timestamp}=${claim.timestamp}`, ...signatures].join(separator) });
    },
  };
}

/** Signatures in any of several headers. */
export interface MatchingHeaders {
  /** The name, in lower case, of a header that holds one. */
  readonly header: RegExp;
  /** The header that a signature is written into, counted from 0. */
  readonly written: (index: number) => string;
  /** What stands before each signature. */
  readonly prefix?: string;
}

/** A signature of each key in a header of its own: any may come, but none of them twice. */
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
