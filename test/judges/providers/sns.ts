import { generateKeyPairSync } from 'node:crypto';
import https from 'node:https';
import { Readable } from 'node:stream';
import { mock } from 'node:test';
import MessageValidator from 'sns-validator';
import { toPem } from '../../../lambda/signature/asymmetric.ts';
import { issueCertificate, pemOf } from '../../../lambda/signature/issue-certificate.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { readVector } from '../../support/vectors.ts';
import type { Judge } from '../judge.ts';

/** The SDK fetches the certificate that the message names. No request leaves this machine. */
function publish(certificate: string): void {
  mock.method(https, 'get', (_: string, respond: (response: Readable) => void) => {
    respond(Object.assign(Readable.from([certificate]), { statusCode: 200 }));
    return { on() {} };
  });
}

/** The same message with another value. */
const withField = (name: string, value: string) => (signed: SignedRequest) => ({
  ...signed,
  body: Buffer.from(JSON.stringify({ ...JSON.parse(`${signed.body}`), [name]: value })),
});

const [subscription] = readVector('sns').handshakes;

export const judge: Judge = {
  package: 'sns-validator',
  async accepts({ body }, certificate) {
    publish(certificate);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    new MessageValidator().validate(JSON.parse(`${body}`), (error) => resolve(!error));
    try {
      return await promise;
    } finally {
      mock.restoreAll();
    }
  },
  generateKeys() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const certificate = issueCertificate({ name: 'sns.amazonaws.com', privateKey });
    return { signing: toPem(privateKey), verification: pemOf(certificate) };
  },
  // The SDK leaves the token of such a message out, against Amazon's documentation and its library for PHP.
  covers: ({ body }) => !body.includes('"Type":"UnsubscribeConfirmation"'),
  requests: {
    'the confirmation of a subscription': { headers: {}, body: '', ...subscription, events: [] },
  },
  forgeries: {
    // The middle of a message may not be signed.
    'with one byte of the body changed': withField('Message', 'ALARN'),
    'with another topic': withField('TopicArn', 'arn:aws:sns:eu-north-1:123456789012:other'),
    'with another time': withField('Timestamp', '2026-03-02T00:00:00.000Z'),
    'with a subject': withField('Subject', 'ALARM'),
    'with a certificate from another host': withField(
      'SigningCertURL',
      'https://sns.eu-north-1.amazonaws.com.evil.example/x.pem',
    ),
  },
};
