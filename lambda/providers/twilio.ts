import type * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { twilioSignature } from '../signature/twilio.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, isoTime, name, object, text } from './fields.ts';
import type { EventRequest, ProviderEvent } from './provider.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The type of the event that a test of a sink sends. Its `id` is the account's Sid, the same every time. */
const TEST_EVENT = 'com.twilio.eventstreams.test-event';

/** A parameter without a value is sent empty. */
const parameter = () => ifValid(text(0, 256));

const fields = () =>
  object({
    // Of a CloudEvent:
    specversion: ifValid(name()),
    id: ifValid(name()),
    type: ifValid(name()),
    time: ifValid(isoTime()),
    source: ifValid(name()),
    data: ifValid(object({ test_id: ifValid(name()) })),
    // Of a message or a call:
    AccountSid: parameter(),
    MessageSid: parameter(),
    CallSid: parameter(),
    MessageStatus: parameter(),
    SmsStatus: parameter(),
    CallStatus: parameter(),
    EventType: parameter(),
  });

type Content = v.InferOutput<ReturnType<typeof fields>>;

type TwilioEvent = ProviderEvent<{
  readonly source?: string | undefined;
  readonly AccountSid?: string | undefined;
  readonly MessageSid?: string | undefined;
  readonly CallSid?: string | undefined;
  readonly status?: string | undefined;
}>;

/** Twilio: the parameters of a message or a call as a form or by GET, or Event Streams as an array of CloudEvents. */
export const twilio = () =>
  defineProvider({
    title: 'Twilio',
    documentation: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
    signature: twilioSignature(),
    contentTypes: [FORM_TYPE, 'application/json'],
    methods: ['POST', 'GET'],
    sendsQuery: true,
    eventHeaders: ['i-twilio-idempotency-token'],
    // Twilio reads the response to a message or a call as TwiML: an empty one does nothing.
    acknowledge: ({ mediaType }) =>
      mediaType === FORM_TYPE ? { status: 200, contentType: 'text/xml', body: '<Response/>' } : undefined,
    items: (content) => (Array.isArray(content) ? content : undefined),
    eventIdLabel: 'I-Twilio-Idempotency-Token',
    eventTime: { label: 'time', isSigned: true },
    immutable: false,
    schema: fields(),
    event(content, request) {
      const isForm = request.mediaType === FORM_TYPE;
      if (!isForm && content.specversion !== undefined) return cloudEvent(content, request);
      // In JSON, one token may be shared by several events.
      const token = isForm ? header(request.headers, 'i-twilio-idempotency-token') : undefined;
      return parameters(content, token ?? contentId(request.body));
    },
  });

function cloudEvent({ id, type, time, source, data }: Content, { body }: EventRequest): TwilioEvent {
  const ownId = type === TEST_EVENT ? data?.test_id : id;
  return { id: ownId ?? contentId(body), type, occurredAt: time, data: { source } };
}

function parameters(content: Content, id: string): TwilioEvent {
  const { AccountSid, MessageSid, CallSid, MessageStatus, SmsStatus, CallStatus, EventType } = content;
  const status = MessageStatus || SmsStatus || CallStatus || EventType || undefined;
  return { id, type: status, data: { AccountSid, MessageSid, CallSid, status } };
}
