import { isJsonObject, type JsonObject, jsonObject } from './json-body.ts';
import type { InvalidVerdict, SignatureScheme } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import { type CertifiedClaim, certificateUrl, plainHttpsUrl, signedWithCertificate } from './with-certificate.ts';

/** The signed fields of a message, in this order. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

const HASHES: Readonly<Record<string, CertifiedClaim['hash']>> = { 1: 'sha1', 2: 'sha256' };

const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;

/** The format of a topic's ARN. Its region is part of the host names in its messages. */
export const TOPIC_ARN = /^arn:aws(?:-cn|-us-gov)?:sns:([a-z0-9-]{1,32}):\d{12}:[\w-]{1,256}$/;

/**
 * Amazon SNS: RSA over some fields of the message, a JSON object that also holds the signature. Anyone with an AWS account
 * can have SNS sign a message, so the topic must be the one in the setting `topicArn`. For any other topic, nothing is
 * fetched.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function snsSignature(): SignatureScheme {
  return signedWithCertificate({
    bodyCoverage: 'content',
    readsBody: () => true,
    certificate: {
      subjects: ({ topicArn = '' }) => subjectsOf(topicArn),
      hosts: /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
    },
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

/** Raw message delivery sends the message without the JSON object around it, and unsigned. */
const isRaw = ({ headers }: SignedRequest) => headers.has('x-amz-sns-rawdelivery');

function claimOf(message: JsonObject, topicArn: string): CertifiedClaim | InvalidVerdict {
  const { Signature: signature, SignatureVersion: version } = message;
  const hash = typeof version === 'string' && Object.hasOwn(HASHES, version) ? HASHES[version] : undefined;
  const url = certificateUrl(message.SigningCertURL, (host) => host === snsHost(topicArn), CERTIFICATE_PATH);
  const signedContent = canonical(message);
  if (typeof signature !== 'string' || !hash || !url || !signedContent) return 'malformed';
  return { signature, hash, signedContent, certificateUrl: url };
}

/** A line for each name and each value; undefined unless all values are text, and all but the message have one line. */
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

const regionOf = (topicArn: string) => TOPIC_ARN.exec(topicArn)?.[1];

/**
 * The regions that are older than SNS's names for single regions. The list is complete: every region since March 2019 must
 * be enabled by the account.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
const OLDER_REGION =
  /^(?:us-(?:east|west)-[12]|ca-central-1|sa-east-1|eu-(?:central-1|north-1|west-[123])|ap-(?:south-1|northeast-[123]|southeast-[12]))$/;

/**
 * The names that SNS's certificate may have in the region of a topic. Older regions share one name. A newer one has its
 * own, but the SDKs expect the shared one until they know the region.
 * @see https://github.com/aws/aws-sdk-java-v2/pull/6802
 */
function subjectsOf(topicArn: string): readonly string[] {
  const region = regionOf(topicArn);
  if (region === undefined) return [];
  if (region.startsWith('cn-')) return [`sns-${region}.amazonaws.com.cn`];
  if (region.startsWith('us-gov-')) return ['sns-us-gov-west-1.amazonaws.com'];
  return OLDER_REGION.test(region) ? [SHARED] : [`sns-signing.${region}.amazonaws.com`, SHARED];
}

const SHARED = 'sns.amazonaws.com';

/** The host of SNS in the region of a topic. Certificates and subscription URLs of the topic are on this host. */
function snsHost(topicArn: string): string | undefined {
  const region = regionOf(topicArn);
  return region && `sns.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** The URL that confirms a subscription, if it is on SNS's host for the topic; undefined for any other message. */
export function subscribeUrl(message: unknown, topicArn: string): URL | undefined {
  if (!isJsonObject(message) || message.Type !== 'SubscriptionConfirmation') return undefined;
  const url = plainHttpsUrl(message.SubscribeURL);
  return url?.hostname === snsHost(topicArn) ? url : undefined;
}
