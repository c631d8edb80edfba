import { snsSignature, subscribeUrl, TOPIC_ARN } from '../signature/sns.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object, text } from './fields.ts';
import type { Handshake } from './handshake.ts';

/** How long to wait for SNS's response, in milliseconds. */
const TIMEOUT_MS = 1_000;

/** Confirms the subscription with a request to the URL that SNS signed. */
const confirm: Handshake = async ({ content, settings, fetch }) => {
  const url = subscribeUrl(content, settings.topicArn ?? '');
  if (!url) return undefined;
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok ? { status: 200, body: '' } : 'unavailable';
  } catch {
    return 'unavailable';
  }
};

/** Amazon SNS: the messages of one topic, and the confirmation of the subscription to it. */
export const sns = () =>
  defineProvider({
    title: 'Amazon SNS',
    documentation: 'https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html',
    signature: snsSignature(),
    settings: {
      topicArn: {
        description: 'The ARN of the topic, from its page in the SNS console.',
        pattern: TOPIC_ARN,
        example: 'arn:aws:sns:eu-north-1:123456789012:harbor-alarms',
      },
    },
    contentTypes: ['text/plain', 'application/json'],
    eventIdLabel: 'MessageId',
    eventTime: { label: 'Timestamp', isSigned: true },
    immutable: false,
    schema: object({
      MessageId: name(),
      Type: ifValid(name()),
      Timestamp: ifValid(isoTime()),
      TopicArn: ifValid(text(1, 512)),
      Subject: ifValid(text(0, 256)),
    }),
    event: ({ MessageId, Type, Timestamp, TopicArn, Subject }) => ({
      id: MessageId,
      type: Type,
      occurredAt: Timestamp,
      data: { topic_arn: TopicArn, subject: Subject },
    }),
    handshakes: { signed: confirm },
  });
