import type * as v from 'valibot';
import { isJsonObject } from '../signature/json-body.ts';
import { type HeaderPrefixes, messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { buildProvider } from './build-provider.ts';
import { epochMilliseconds, epochSeconds, header, isoTime, name, valueIfValid } from './fields.ts';

/** A sender that signs by Standard Webhooks, itself or through Svix. */
interface StandardSender {
  readonly title: string;
  /** The URL of its page, without `https://`. */
  readonly page: string;
  /** The prefixes of its headers, the preferred one first. */
  readonly prefixes: HeaderPrefixes;
  /** How its secret is written. @default - base64, with or without `whsec_` before it */
  readonly key?: 'text';
  /** The field with the type of an event. @default type */
  readonly type?: string;
  /** The field with the time of an event, and its format. @default - its events have no time */
  readonly time?: readonly [field: string, format: () => v.GenericSchema<unknown, number>];
}

const SVIX: HeaderPrefixes = ['svix', 'webhook'];
const STANDARD: HeaderPrefixes = ['webhook', 'svix'];

/** Brex. */
export const brex = () =>
  sender({ title: 'Brex', page: 'developer.brex.com/docs/webhooks', prefixes: STANDARD, type: 'event_type' });

/** Clerk. */
export const clerk = () =>
  sender({
    title: 'Clerk',
    page: 'clerk.com/docs/reference/backend/verify-webhook',
    prefixes: SVIX,
    time: ['timestamp', epochMilliseconds],
  });

/** incident.io. */
export const incidentIo = () =>
  sender({
    title: 'incident.io',
    page: 'docs.incident.io/integrations/webhooks',
    prefixes: SVIX,
    type: 'event_type',
  });

/** OpenAI. */
export const openai = () =>
  sender({
    title: 'OpenAI',
    page: 'platform.openai.com/docs/guides/webhooks',
    prefixes: STANDARD,
    time: ['created_at', epochSeconds],
  });

/** Polar. The characters of its secret are the key. */
export const polar = () =>
  sender({
    title: 'Polar',
    page: 'polar.sh/docs/integrate/webhooks/delivery',
    prefixes: STANDARD,
    key: 'text',
    time: ['timestamp', isoTime],
  });

/** Render. */
export const render = () =>
  sender({ title: 'Render', page: 'render.com/docs/webhooks', prefixes: STANDARD, time: ['timestamp', isoTime] });

/** Replicate, whose body is a prediction. */
export const replicate = () =>
  sender({
    title: 'Replicate',
    page: 'replicate.com/docs/topics/webhooks/verify-webhook',
    prefixes: STANDARD,
    type: 'status',
  });

/** Resend. */
export const resend = () =>
  sender({
    title: 'Resend',
    page: 'resend.com/docs/webhooks/verify-webhooks-requests',
    prefixes: SVIX,
    time: ['created_at', isoTime],
  });

/** Supabase's auth hooks over HTTP, whose body has no type. */
export const supabase = () =>
  sender({ title: 'Supabase', page: 'supabase.com/docs/guides/auth/auth-hooks', prefixes: STANDARD });

function sender({ title, page, prefixes, key, type: typeField = 'type', time }: StandardSender) {
  const [timeField = '', format] = time ?? [];
  return buildProvider({
    title,
    documentation: `https://${page}`,
    signature: standardWebhooksSignature(prefixes, key),
    eventHeaders: prefixes.map((prefix) => `${prefix}-id`),
    eventIdLabel: `${prefixes[0]}-id`,
    ...(format && { eventTime: { label: timeField, isSigned: true } }),
    immutable: true,
    validate: (value) => ({ output: isJsonObject(value) ? value : {} }),
    event: (body, { headers }) => ({
      id: header(headers, messageIdHeader(headers, prefixes)),
      type: valueIfValid(name(), body[typeField]),
      occurredAt: format && valueIfValid(format(), body[timeField]),
      data: {},
    }),
  });
}
