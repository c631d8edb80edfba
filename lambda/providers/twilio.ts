import * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { twilioSignature } from '../signature/twilio.ts';
import { header, isoTime, maybe, name, text } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

const cloudEvent = () =>
  v.object({
    specversion: name(),
    id: name(),
    type: name(),
    time: maybe(isoTime()),
    source: maybe(name()),
  });

/** A form leaves a field empty that has no value. */
const parameter = () => maybe(text(0, 256));

const parameters = () =>
  v.object({
    AccountSid: parameter(),
    MessageSid: parameter(),
    CallSid: parameter(),
    MessageStatus: parameter(),
    SmsStatus: parameter(),
    CallStatus: parameter(),
    EventType: parameter(),
  });

/** Twilio: the parameters of a message or a call as a form, or Event Streams as an array of CloudEvents. */
export const twilio = () =>
  defineProvider({
    title: 'Twilio',
    documentation: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
    signature: twilioSignature(),
    contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
    items: (content) => (Array.isArray(content) ? content : undefined),
    eventId: 'I-Twilio-Idempotency-Token',
    signedTime: 'time',
    immutable: false,
    schema: v.union([cloudEvent(), parameters()]),
    event: (content, { headers, body }) => {
      if ('specversion' in content) {
        const { id, type, time, source } = content;
        return { id, type, occurredAt: time === undefined ? undefined : Date.parse(time), data: { source } };
      }
      const { MessageStatus, SmsStatus, CallStatus, EventType, ...data } = content;
      const status = MessageStatus || SmsStatus || CallStatus || EventType || undefined;
      // Of a body in JSON, the token may stand for several events.
      const isJson = /json/i.test(header(headers, 'content-type') ?? '');
      const token = isJson ? undefined : header(headers, 'i-twilio-idempotency-token');
      return {
        id: token ?? contentId(body),
        type: status,
        data: { ...data, status },
      };
    },
  });

/** For the people who set it up. */
export const guide: Guide = {
  url:
    "Console → Phone Numbers → the number (or the Messaging Service) → the webhook's field; for Event Streams, the sink. " +
    "Behind a proxy of your own, the source's `publicUrl` must be the same URL, character by character.",
  secret: 'Account → API keys & tokens → the primary Auth Token of the account that owns the number; no API key works.',
  rotation:
    'Create the secondary Auth Token, put it, then promote it to primary: Twilio signs with the old one until then, ' +
    'which the grace period covers. Promote within it, and nothing is refused; the API then wants the new token ' +
    'too.',
  retries: 'Waits 15 s; tries once more where it could not connect, more often where the URL says so (`#rc=`).',
  weaknesses:
    'SHA-1, no signed time, and the names and values of a form are signed without anything between them. The id, ' +
    '`I-Twilio-Idempotency-Token`, is not signed: whoever has captured one request can send it again under another.',
  notes:
    "That retries repeat the token is not documented on a page of its own; Twilio's own Agent Connect SDK relies on it. " +
    'Where there is none, and in JSON, an event is told apart by its own id (Event Streams), else by a hash of what it ' +
    'says. Use it for status callbacks and Event Streams: to a message or a call that comes in, Twilio wants TwiML in ' +
    'the answer. Give Twilio a URL without a port, and best without a query string of its own.',
};
