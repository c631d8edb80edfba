import type { Carrier } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { onlyValue, withHeaders } from '../signature/signed-request.ts';
import { milliseconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { anything, ifValid, isoTime, name, object, valueIfValid } from './fields.ts';

const HEADER = 'recurly-signature';

/** More parts than the header has while a key is rotated. */
const MAX_PARTS = 20;

/** The signed time and then a signature for each key, separated by commas. */
const timeAndSignatures: Carrier = {
  read({ headers }) {
    const value = onlyValue(headers, HEADER);
    if (value === undefined) return 'missing';
    const [timestamp, ...signatures] = value.split(',', MAX_PARTS);
    return signatures.length > 0 ? { timestamp, signatures } : 'malformed';
  },
  write: (request, { timestamp = '', signatures }) =>
    withHeaders(request, { [HEADER]: [timestamp, ...signatures].join(',') }),
};

/** Recurly's webhooks in JSON. An event names an object and its change, and has no id. Those in XML are not signed. */
export const recurly = () =>
  defineProvider({
    title: 'Recurly',
    documentation: 'https://docs.recurly.com/docs/signature-verification',
    signature: signedBy({
      carrier: timeAndSignatures,
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, '.', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: milliseconds, toleranceSeconds: 300 },
    }),
    eventIdLabel: 'site_id + object_type + id + event_type + event_time',
    eventTime: { label: 'event_time', isSigned: true },
    immutable: false,
    schema: object({
      id: name(),
      object_type: anything(),
      event_type: anything(),
      event_time: anything(),
      site_id: anything(),
      account_code: ifValid(name()),
    }),
    event: ({ id, object_type, event_type, event_time, site_id, account_code }) => ({
      id: joinedId([site_id, object_type, id, event_type, event_time]),
      type: [object_type, event_type].filter((part) => valueIfValid(name(), part)).join('.') || undefined,
      occurredAt: valueIfValid(isoTime(), event_time),
      data: { account_code, object_type: valueIfValid(name(), object_type), object_id: id },
    }),
  });
