import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

// Signatures that the providers publish, over bodies that are no events. Vectors with an event are in test/vectors.

/** A published signature, and where it is from. */
interface Published {
  readonly source: string;
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When it is valid, in ISO 8601. @default - at any time */
  readonly clock?: string;
}

const circleci = (body: string, secret: string, hex: string, header = `v1=${hex}`): [ProviderName, Published] => [
  'circleci',
  {
    source: 'https://circleci.com/docs/guides/integration/outbound-webhooks/#validate-webhooks',
    secret,
    body,
    headers: { 'circleci-signature': header },
  },
];

const box = (secret: string, headers: Readonly<Record<string, string>>): [ProviderName, Published] => [
  'box',
  {
    source:
      'https://github.com/box/box-node-sdk/blob/1ea5fbb038abd85823275f4fa79c1890dafc7851/tests/lib/managers/webhooks-test.js',
    secret,
    body: '{"type":"webhook_event","webhook":{"id":"1234567890"},"trigger":"FILE.UPLOADED","source":{"id":"1234567890","type":"file","name":"Test.txt"}}',
    headers: { 'box-delivery-timestamp': '2020-01-01T00:00:00-07:00', ...headers },
    clock: '2020-01-01T07:05:00Z',
  },
];
const BOX_SIGNATURES = {
  'box-signature-primary': '6TfeAW3A1PASkgboxxA5yqHNKOwFyMWuEXny/FPD5hI=',
  'box-signature-secondary': 'v+1CD1Jdo3muIcbpv5lxxgPglOqMfsNHPV899xWYydo=',
};
const HELLO = '734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a';

const PUBLISHED: readonly (readonly [ProviderName, Published])[] = [
  [
    'bitbucket',
    {
      source: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/#Secure-webhooks',
      secret: "It's a Secret to Everybody",
      body: 'Hello World!',
      headers: { 'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9' },
    },
  ],
  box('SamplePrimaryKey', BOX_SIGNATURES),
  box('SampleSecondaryKey', BOX_SIGNATURES),
  circleci('hello world', 'secret', HELLO),
  circleci('lalala', 'another-secret', 'daa220016c8f29a8b214fbfc3671aeec2145cfb1e6790184ffb38b6d0425fa00'),
  circleci(
    'an-important-request-payload',
    'hunter123',
    '9be2242094a9a8c00c64306f382a7f9d691de910b4a266f67bd314ef18ac49fa',
  ),
  circleci('foo', 'secret', '773ba44693c7553d6ee20f61ea5d2757a9a4f4a44d2841ae4e95b52e4cd62db4'),
  [
    'line',
    {
      source: 'https://github.com/line/line-bot-sdk-nodejs/blob/master/test/validate-signature.spec.ts',
      secret: 'test_secret',
      body: '{"hello":"world"}',
      headers: { 'x-line-signature': 't7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM=' },
    },
  ],
  [
    'notion',
    {
      source: 'https://developers.notion.com/reference/webhooks#step-3-validating-event-payloads-recommended',
      secret: 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl',
      body: '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}',
      headers: {
        'x-notion-signature': 'sha256=461e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a735',
      },
    },
  ],
];

describe('A published signature', () => {
  it.each(PUBLISHED)('of %s is valid, and for no other body', async (name, { secret, body, headers, clock = 0 }) => {
    const { signature } = providers[name]();
    const context = { ...plainContext, secret, now: new Date(clock).getTime() };
    expect(await signature.verify(plainRequest(body, headers), context)).toBe('valid');
    expect(await signature.verify(plainRequest(`${body} `, headers), context)).toBe('mismatch');
  });
});

describe('Of several signatures in one header, the valid one counts', () => {
  const OTHER = '0'.repeat(64);
  it.each([
    ['circleci', 'circleci-signature', `v1=${HELLO},v2=${OTHER},v3=${OTHER}`, 'valid'],
    ['circleci', 'circleci-signature', `v2=${HELLO}`, 'malformed'],
    ['pagerduty', 'x-pagerduty-signature', `v1=${OTHER},v1=${HELLO}`, 'valid'],
    ['pagerduty', 'x-pagerduty-signature', `v1=${OTHER}, v1=${HELLO}`, 'valid'],
    ['pagerduty', 'x-pagerduty-signature', `v1=${OTHER},v1=${OTHER}`, 'mismatch'],
    ['pagerduty', 'x-pagerduty-signature', HELLO, 'malformed'],
  ] as const)('%s: %s: %s is %s', async (name, header, value, verdict) => {
    const request = plainRequest('hello world', { [header]: value });
    expect(await providers[name]().signature.verify(request, { ...plainContext, secret: 'secret' })).toBe(verdict);
  });
});
