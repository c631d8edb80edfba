import { isJsonObject, type JsonObject, jsonObject } from './json-body.ts';
import type { SignatureScheme } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import {
  type CertifiedClaim,
  certificateUrl,
  type Fault,
  plainHttpsUrl,
  signedWithCertificate,
} from './with-certificate.ts';

/** What is signed of a message, in this order. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

const HASHES: Readonly<Record<string, CertifiedClaim['hash']>> = { 1: 'sha1', 2: 'sha256' };

const SUBJECT = 'sns.amazonaws.com';
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;

/** The form of a topic's ARN; its region is what the hosts of its messages are named after. */
export const TOPIC_ARN = /^arn:aws(?:-cn|-us-gov)?:sns:([a-z0-9-]{1,32}):\d{12}:[\w-]{1,256}$/;

/**
 * Amazon SNS: RSA over some fields of the message, which travels as JSON with its signature in it. Whoever has an AWS
 * account can have SNS sign, so the topic must be the one of the setting `topicArn`: nothing is fetched for another.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function snsSignature(): SignatureScheme {
  return signedWithCertificate({
    certificate: { subject: SUBJECT, hosts: /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/ },
    read(request, { settings }) {
      const message = isRaw(request) ? undefined : jsonObject(request.body);
      if (message?.Signature === undefined) return 'missing';
      if (!settings.topicArn || message.TopicArn !== settings.topicArn) return 'mismatch';
      return claimOf(message, settings.topicArn);
    },
    write(request, signature, { settings }) {
      const message = {
        SignatureVersion: '2',
        ...jsonObject(request.body),
        Signature: signature,
        SigningCertURL: `https://${snsHost(settings.topicArn ?? '')}/SimpleNotificationService-${'0'.repeat(32)}.pem`,
      };
      return { ...request, body: Buffer.from(JSON.stringify(message, null, 2)) };
    },
  });
}

/** Raw delivery sends the bare message, unsigned. */
const isRaw = ({ headers }: SignedRequest) => headers.has('x-amz-sns-rawdelivery');

function claimOf(message: JsonObject, topicArn: string): CertifiedClaim | Fault {
  const { Signature: signature, SignatureVersion: version } = message;
  const hash = typeof version === 'string' && Object.hasOwn(HASHES, version) ? HASHES[version] : undefined;
  const url = certificateUrl(message.SigningCertURL, (host) => host === snsHost(topicArn), CERTIFICATE_PATH);
  const content = canonical(message);
  if (typeof signature !== 'string' || !hash || !url || !content) return 'malformed';
  return { signature, hash, content, certificateUrl: url, subject: SUBJECT };
}

/** Each name and value on a line; undefined unless every value is text, and of one line, but for the message itself. */
function canonical(message: JsonObject): string[] | undefined {
  const { Type: type } = message;
  const names = typeof type === 'string' && Object.hasOwn(SIGNED, type) ? SIGNED[type] : undefined;
  const fields = names?.filter((name) => name !== 'Subject' || message.Subject != null);
  return fields?.every((name) => isLine(name, message[name]))
    ? fields.map((name) => `${name}\n${message[name]}\n`)
    : undefined;
}

const isLine = (name: string, value: unknown) =>
  typeof value === 'string' && (name === 'Message' || !value.includes('\n'));

/** The host of SNS in the region of a topic, which is where SNS publishes what concerns it. */
function snsHost(topicArn: string): string | undefined {
  const region = TOPIC_ARN.exec(topicArn)?.[1];
  return region && `sns.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** The URL that confirms a subscription, if it is on SNS's own host for the topic; undefined for every other message. */
export function subscribeUrl(message: unknown, topicArn: string): URL | undefined {
  if (!isJsonObject(message) || message.Type !== 'SubscriptionConfirmation') return undefined;
  const url = plainHttpsUrl(message.SubscribeURL);
  return url?.hostname === snsHost(topicArn) ? url : undefined;
}
