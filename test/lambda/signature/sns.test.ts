import { describe, expect, it } from '@jest/globals';
import { snsSignature, subscribeUrl } from '../../../lambda/signature/sns.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const scheme = snsSignature();
const topicArn = 'arn:aws:sns:eu-north-1:123456789012:orders';
const chinese = 'arn:aws-cn:sns:cn-north-1:123456789012:orders';
const message = {
  Type: 'Notification',
  Message: 'one\ntwo',
  MessageId: '1',
  Timestamp: '2026-03-01T12:00:00.000Z',
  TopicArn: topicArn,
  SignatureVersion: '2',
  Signature: 'AAAA',
  SigningCertURL: `https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-${'0'.repeat(32)}.pem`,
};
const verdict = (body: unknown, headers = {}, settings: Record<string, string> = { topicArn }) =>
  scheme.verify(plainRequest(JSON.stringify(body), headers), { ...plainContext, settings, secret: '' });

describe('The verdict on a message of SNS', () => {
  it.each([
    ['mismatch', 'a signature with another key', message],
    ['missing', 'no signature', { ...message, Signature: undefined }],
    ['missing', 'no message', []],
    ['mismatch', 'another topic', { ...message, TopicArn: `${topicArn}2` }],
    ['malformed', 'a signature that is not base64', { ...message, Signature: 'AAA' }],
    ['malformed', 'a signature that is a number', { ...message, Signature: 1234 }],
    ['malformed', 'a signature that is a list', { ...message, Signature: ['AAAA'] }],
    ['malformed', 'another version', { ...message, SignatureVersion: '3' }],
    ['malformed', 'another type', { ...message, Type: 'Other' }],
    ['malformed', 'a type that is a list', { ...message, Type: ['Notification'] }],
    ['malformed', 'an id of two lines', { ...message, MessageId: '1\n2' }],
    ['malformed', 'a certificate on another host', { ...message, SigningCertURL: 'https://example.com/x.pem' }],
    ['malformed', 'a certificate that is a number', { ...message, SigningCertURL: 7 }],
  ])('is %s for %s', async (expected, _, body) => {
    expect(await verdict(body)).toBe(expected);
  });

  it('is missing for raw delivery, and mismatch if no topic is set', async () => {
    expect(await verdict(message, { 'x-amz-sns-rawdelivery': 'true' })).toBe('missing');
    expect(await verdict(message, {}, {})).toBe('mismatch');
  });
});

describe('The hosts of SNS', () => {
  const { hosts } = scheme.certificate ?? { hosts: /^$/ };

  it.each(['sns.eu-north-1.amazonaws.com', 'sns.cn-north-1.amazonaws.com.cn'])('include %s', (host) => {
    expect(host).toMatch(hosts);
  });

  it.each([
    'evil-sns.eu-north-1.amazonaws.com',
    'x.sns.eu-north-1.amazonaws.com',
    'sns.eu-north-1.amazonaws.com.evil.example',
    'sns.eu-north-1.amazonaws.com.cn.evil.example',
    'sns.amazonaws.com',
    'sns.eu-north-1xamazonaws.com',
  ])('do not include %s', (host) => {
    expect(host).not.toMatch(hosts);
  });

  it('are those of the region of the topic, also in China', () => {
    const certificateOf = (arn: string) => {
      const request = plainRequest(JSON.stringify({ ...message, TopicArn: arn }));
      const { signing } = scheme.generateKeys();
      const { body } = scheme.sign(request, { ...plainContext, key: signing, settings: { topicArn: arn } });
      return new URL(JSON.parse(body.toString()).SigningCertURL).hostname;
    };
    expect(certificateOf(topicArn)).toBe('sns.eu-north-1.amazonaws.com');
    expect(certificateOf(chinese)).toBe('sns.cn-north-1.amazonaws.com.cn');
  });
});

describe('the names that the certificate of SNS may have', () => {
  const namesIn = (partition: string, region: string) =>
    scheme.certificate?.subjects({ topicArn: `arn:${partition}:sns:${region}:123456789012:orders` });

  it.each(['us-east-1', 'eu-north-1', 'ap-northeast-3', 'sa-east-1'])('are the shared one in %s', (region) => {
    expect(namesIn('aws', region)).toEqual(['sns.amazonaws.com']);
  });

  it.each(['eu-south-1', 'ap-southeast-3', 'il-central-1', 'us-west-3'])(
    'are those of %s and the shared one',
    (region) => {
      expect(namesIn('aws', region)).toEqual([`sns-signing.${region}.amazonaws.com`, 'sns.amazonaws.com']);
    },
  );

  it('are one for GovCloud, and one for each region of China', () => {
    expect(namesIn('aws-us-gov', 'us-gov-west-1')).toEqual(['sns-us-gov-west-1.amazonaws.com']);
    expect(namesIn('aws-us-gov', 'us-gov-east-1')).toEqual(['sns-us-gov-west-1.amazonaws.com']);
    expect(namesIn('aws-cn', 'cn-north-1')).toEqual(['sns-cn-north-1.amazonaws.com.cn']);
    expect(namesIn('aws-cn', 'cn-northwest-1')).toEqual(['sns-cn-northwest-1.amazonaws.com.cn']);
  });

  it('are none without a topic', () => {
    expect(scheme.certificate?.subjects({})).toEqual([]);
  });
});

describe('the body of a message of SNS', () => {
  it('is read before its signature is verified', () => {
    expect(scheme.readsBody?.(new Map())).toBe(true);
  });
});

describe('the URL that confirms a subscription', () => {
  const confirmation = (SubscribeURL: unknown) => ({ Type: 'SubscriptionConfirmation', SubscribeURL });
  const there = 'https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=1';

  it('is on the host of the topic', () => {
    expect(subscribeUrl(confirmation(there), topicArn)?.href).toBe(there);
    const inChina = 'https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription';
    expect(subscribeUrl(confirmation(inChina), chinese)?.href).toBe(inChina);
  });

  it.each([
    ['another host', confirmation('https://sns.us-east-1.amazonaws.com/'), topicArn],
    ['the host of another partition', confirmation('https://sns.cn-north-1.amazonaws.com/'), chinese],
    ['a text that is no URL', confirmation('no URL'), topicArn],
    ['a URL that is missing', confirmation(undefined), topicArn],
    ['another type of message', { ...confirmation(there), Type: 'Notification' }, topicArn],
    ['no message', null, topicArn],
    ['a topic that is no ARN', confirmation(there), 'no ARN'],
    ['neither URL nor topic', confirmation('no URL'), 'no ARN'],
  ])('is undefined with %s', (_, body, arn) => {
    expect(subscribeUrl(body, arn)).toBeUndefined();
  });
});
