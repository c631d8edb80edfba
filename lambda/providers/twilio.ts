import * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { twilioSignature } from '../signature/twilio.ts';
import { header, isoTime, maybe, name, text } from './fields.ts';
import { defineProvider } from './provider.ts';

const cloudEvent = () =>
  v.object({
    specversion: name(),
    id: name(),
    type: name(),
    time: maybe(isoTime()),
    source: maybe(name()),
  });

/** A field without a value is sent empty. */
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
    eventIdLabel: 'I-Twilio-Idempotency-Token',
    eventTime: { label: 'time', isSigned: true },
    immutable: false,
    schema: v.union([cloudEvent(), parameters()]),
    event: (content, { headers, body }) => {
      if ('specversion' in content) {
        const { id, type, time, source } = content;
        return { id, type, occurredAt: time, data: { source } };
      }
      const { MessageStatus, SmsStatus, CallStatus, EventType, ...data } = content;
      const status = MessageStatus || SmsStatus || CallStatus || EventType || undefined;
      // In JSON, one token may be shared by several events.
      const isJson = /json/i.test(header(headers, 'content-type') ?? '');
      const token = isJson ? undefined : header(headers, 'i-twilio-idempotency-token');
      return {
        id: token ?? contentId(body),
        type: status,
        data: { ...data, status },
      };
    },
  });
