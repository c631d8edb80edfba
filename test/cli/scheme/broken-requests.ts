import { createHmac, generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { CauseName } from '../../../cli/scheme/causes.ts';
import type { DiagnosisOptions } from '../../../cli/scheme/diagnosis.ts';
import type { ProviderName } from '../../../lambda/providers/index.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { captured, NOW, type SignedSample, signed, urlOf } from './captured-samples.ts';

/** A way to break the request of a provider, and the cause that is to be named. */
export interface BrokenRequest {
  /** What broke it, for the table in docs/scheme.md. */
  readonly kind: string;
  readonly provider: ProviderName;
  readonly cause: CauseName;
  /** What the cause says of this request. @default - not checked */
  readonly detail?: RegExp;
  readonly make: () => Given;
}

/** What the command is given. */
export interface Given {
  readonly bytes: Buffer;
  readonly secret: string;
  readonly options?: Partial<DiagnosisOptions>;
}

const given = ({ keys }: SignedSample, bytes: Buffer, options: Partial<DiagnosisOptions> = {}): Given => ({
  bytes,
  secret: keys.verification,
  options,
});

/** A signed sample whose body is changed afterwards. */
function body(name: ProviderName, change: (body: string) => string | Buffer, sent?: string): Given {
  const sample = signed(name, undefined, sent);
  const changed = Buffer.from(change(sample.request.body.toString()));
  return given(sample, captured({ ...sample.request, body: changed }));
}

/** A signed sample of which a header is changed afterwards; removed if there is no value left. */
function header(name: ProviderName, headerName: string, change: (value: string) => readonly string[]): Given {
  const sample = signed(name);
  const headers = new Map(sample.request.headers);
  const values = change(headers.get(headerName)?.[0] ?? '');
  if (values.length > 0) headers.set(headerName, values);
  else headers.delete(headerName);
  return given(sample, captured({ ...sample.request, headers }));
}

/** A sample that is signed with one secret, and verified with another. */
function secret(name: ProviderName, signing: string, verification: string): Given {
  const { request } = signed(name, { signing, verification });
  return { bytes: captured(request), secret: verification };
}

/** A signed sample that is captured at another URL, or with another request line. */
function line(name: ProviderName, change: (request: SignedRequest) => SignedRequest, options = {}): Given {
  const sample = signed(name);
  return given(sample, captured(change(sample.request)), options);
}

const text =
  (name: string, bytes: (sent: string) => string): (() => Given) =>
  () => {
    const sample = signed(name as ProviderName);
    return given(sample, Buffer.from(bytes(captured(sample.request).toString('latin1')), 'latin1'));
  };

const HEX = '9b2f'.repeat(16);
const BASE64 = Buffer.from(HEX, 'hex').toString('base64');
const PHRASE = 'correct-horse-battery-staple';
const SPACED = '{"type": "payment", "amount": 12.50, "name": "Zo\\u00eb/Ltd"}';

/** The kinds of broken requests that the command explains. The table in docs/scheme.md is held equal to it. */
export const BROKEN_REQUESTS: readonly BrokenRequest[] = [
  {
    kind: 'The clock is an hour behind',
    provider: 'stripe',
    cause: 'clock-off',
    detail: /3,600 s before it arrived/,
    make: () => ({ ...line('stripe', (each) => each, { arrivedAt: NOW + 3_600_000 }) }),
  },
  {
    kind: 'The clock is ahead',
    provider: 'slack',
    cause: 'clock-off',
    detail: /900 s after it arrived/,
    make: () => line('slack', (each) => each, { arrivedAt: NOW - 900_000 }),
  },
  {
    kind: 'The signed milliseconds are outside of the tolerance',
    provider: 'hubspot',
    cause: 'clock-off',
    make: () => line('hubspot', (each) => each, { arrivedAt: NOW + 7_200_000 }),
  },
  {
    kind: 'JSON is written again without white space',
    provider: 'github',
    cause: 'body-serialised',
    detail: /indented by 2 spaces/,
    make: () =>
      body('github', (sent) => JSON.stringify(JSON.parse(sent)), JSON.stringify({ a: 1, b: [true] }, null, 2)),
  },
  {
    kind: 'JSON is indented',
    provider: 'github',
    cause: 'body-serialised',
    detail: /without white space/,
    make: () => body('github', (sent) => JSON.stringify(JSON.parse(sent), null, 2)),
  },
  {
    kind: 'JSON of Python is written again by JavaScript',
    provider: 'typeform',
    cause: 'body-serialised',
    detail: /Python/,
    make: () => body('typeform', (sent) => JSON.stringify(JSON.parse(sent)), '{"id": 7, "items": ["a", "b"], "o": {}}'),
  },
  {
    kind: 'JSON has its keys in another order than the sorted one that was sent',
    provider: 'shopify',
    cause: 'body-serialised',
    detail: /sorted keys/,
    make: () => body('shopify', () => '{"b":1,"a":{"d":2,"c":3}}', '{"a":{"c":3,"d":2},"b":1}'),
  },
  {
    kind: 'Escapes of JSON are decoded to characters',
    provider: 'github',
    cause: 'body-serialised',
    detail: /all but ASCII escaped/,
    make: () => body('github', (sent) => JSON.stringify(JSON.parse(sent)), '{"title":"Zo\\u00eb \\u2713"}'),
  },
  {
    kind: 'Slashes that PHP escaped are written plainly',
    provider: 'intercom',
    cause: 'body-serialised',
    detail: /PHP/,
    make: () => body('intercom', (sent) => JSON.stringify(JSON.parse(sent)), '{"url":"https:\\/\\/example.com\\/a"}'),
  },
  {
    kind: 'A number loses its zero, and the spaces are gone',
    provider: 'square',
    cause: 'unknown',
    make: () => body('square', (sent) => JSON.stringify(JSON.parse(sent)), SPACED),
  },
  {
    kind: 'An editor added a line end to the body',
    provider: 'github',
    cause: 'body-final-line-end',
    make: () => body('github', (sent) => `${sent}\n`),
  },
  {
    kind: 'The line end of the body is removed',
    provider: 'github',
    cause: 'body-final-line-end',
    make: () => body('github', (sent) => sent.trim(), '{"a":1}\n'),
  },
  {
    kind: 'CRLF in the body became LF',
    provider: 'shopify',
    cause: 'body-line-ends',
    make: () => body('shopify', (sent) => sent.replaceAll('\r\n', '\n'), '{\r\n"a":1,\r\n"b":"x y"\r\n}'),
  },
  {
    kind: 'LF in the body became CRLF',
    provider: 'shopify',
    cause: 'body-line-ends',
    make: () => body('shopify', (sent) => sent.replaceAll('\n', '\r\n'), '{\n"a":1,\n"b":"x y"\n}'),
  },
  {
    kind: 'An editor added a byte order mark',
    provider: 'linear',
    cause: 'body-bom',
    make: () => body('linear', (sent) => `\ufeff${sent}`),
  },
  {
    kind: 'UTF-8 was read as Latin-1 and written as UTF-8',
    provider: 'github',
    cause: 'body-charset',
    make: () => body('github', (sent) => Buffer.from(Buffer.from(sent).toString('latin1'))),
  },
  {
    kind: 'Characters that could not be decoded were replaced',
    provider: 'github',
    cause: 'body-replaced',
    make: () =>
      body('github', (sent) =>
        Buffer.from(sent)
          .toString('ascii')
          .replace(/[^\x20-\x7e]/g, '\ufffd')
          .replace('works', '\ufffd'),
      ),
  },
  {
    kind: 'The body is in base64',
    provider: 'github',
    cause: 'body-base64',
    make: () => body('github', (sent) => Buffer.from(sent).toString('base64')),
  },
  {
    kind: 'A proxy compressed the body',
    provider: 'shopify',
    cause: 'body-compressed',
    make: () => body('shopify', (sent) => gzipSync(sent)),
  },
  {
    kind: 'The body is the event of a function, which has it as text',
    provider: 'github',
    cause: 'body-in-json',
    make: () => body('github', (sent) => JSON.stringify({ httpMethod: 'POST', body: sent, isBase64Encoded: false })),
  },
  {
    kind: 'A form is replaced by the JSON in it',
    provider: 'github',
    cause: 'body-form',
    make: () =>
      body(
        'github',
        (sent) => new URLSearchParams(sent).get('payload') ?? '',
        `payload=${encodeURIComponent('{"action":"opened","n":7}')}`,
      ),
  },
  {
    kind: 'A form is decoded',
    provider: 'slack',
    cause: 'body-form',
    make: () =>
      body('slack', (sent) => decodeURIComponent(sent), `payload=${encodeURIComponent('{"type":"shortcut"}')}`),
  },
  {
    kind: 'Content-Length is that of another body',
    provider: 'github',
    cause: 'body-beyond-length',
    make: text('github', (sent) => sent.replace('\r\n', '\r\nContent-Length: 20\r\n')),
  },
  {
    kind: 'The body is empty',
    provider: 'github',
    cause: 'body-empty',
    make: () => body('github', () => ''),
  },
  {
    kind: 'The body is cut off',
    provider: 'github',
    cause: 'body-truncated',
    detail: /of \d+ bytes/,
    make: text('github', (sent) => sent.replace('\r\n', `\r\nContent-Length: ${sent.length}\r\n`).slice(0, -9)),
  },
  {
    kind: 'The sender was given http, not https',
    provider: 'square',
    cause: 'url-differs',
    detail: /it signed https:/,
    make: () => line('square', (each) => each, { url: urlOf('square').replace('https', 'http') }),
  },
  {
    kind: 'The URL has a slash at its end',
    provider: 'square',
    cause: 'url-differs',
    make: () => line('square', (each) => each, { url: `${urlOf('square')}/` }),
  },
  {
    kind: 'The URL has a query string that the sender was not given',
    provider: 'square',
    cause: 'url-differs',
    make: () => line('square', (each) => each, { url: `${urlOf('square')}?stage=live` }),
  },
  {
    kind: 'The URL has the port that it has anyway',
    provider: 'square',
    cause: 'url-differs',
    make: () => line('square', (each) => each, { url: urlOf('square').replace('.com', '.com:443') }),
  },
  {
    kind: 'The URL has another host',
    provider: 'twilio',
    cause: 'url-differs',
    make: () => line('twilio', (each) => each, { url: urlOf('twilio').replace('hooks.', 'internal.') }),
  },
  {
    kind: 'The URL is that behind the proxy',
    provider: 'hubspot',
    cause: 'url-differs',
    detail: /it signed https:\/\/hooks\.example\.com\/webhooks\/hubspot$/,
    make: () => line('hubspot', (each) => each, { url: 'https://10.0.0.7:8443/webhooks/hubspot' }),
  },
  {
    kind: 'The method was changed',
    provider: 'hubspot',
    cause: 'method-differs',
    detail: /POST/,
    make: () => line('hubspot', (each) => ({ ...each, method: 'PUT' })),
  },
  {
    kind: 'The content type of a form was changed',
    provider: 'twilio',
    cause: 'content-type-differs',
    make: () => header('twilio', 'content-type', () => ['application/json']),
  },
  {
    kind: 'The header of the time is missing',
    provider: 'slack',
    cause: 'header-missing',
    detail: /x-slack-request-timestamp/,
    make: () => header('slack', 'x-slack-request-timestamp', () => []),
  },
  {
    kind: 'The header of the signature is missing',
    provider: 'github',
    cause: 'signature-missing',
    make: () => header('github', 'x-hub-signature-256', () => []),
  },
  {
    kind: 'The header of the signature is there twice',
    provider: 'github',
    cause: 'header-repeated',
    make: () => header('github', 'x-hub-signature-256', (value) => [value, `sha256=${'0'.repeat(64)}`]),
  },
  {
    kind: 'Two values are in the header of the signature',
    provider: 'github',
    cause: 'header-joined',
    make: () => header('github', 'x-hub-signature-256', (value) => [`${value}, ${value}`]),
  },
  {
    kind: 'The header of the signature is renamed',
    provider: 'github',
    cause: 'header-renamed',
    make: () => {
      const sample = signed('github');
      const { 'x-hub-signature-256': signature = [], ...headers } = Object.fromEntries(sample.request.headers);
      const renamed = new Map(Object.entries({ ...headers, HTTP_X_HUB_SIGNATURE_256: signature }));
      return given(sample, captured({ ...sample.request, headers: renamed }));
    },
  },
  {
    kind: 'The signature is that of another provider',
    provider: 'shopify',
    cause: 'other-provider',
    detail: /Shopify/,
    make: () => {
      const sample = signed('shopify');
      const signature = `sha256=${createHmac('sha256', sample.keys.signing).update(sample.request.body).digest('hex')}`;
      const headers = new Map([...sample.request.headers, ['x-shopify-hmac-sha256', [signature]]]);
      return given(sample, captured({ ...sample.request, headers }));
    },
  },
  {
    kind: 'The signature is in quotes',
    provider: 'github',
    cause: 'signature-quoted',
    make: () => header('github', 'x-hub-signature-256', (value) => [`"${value}"`]),
  },
  {
    kind: 'There is white space in the signature',
    provider: 'github',
    cause: 'signature-white-space',
    make: () => header('github', 'x-hub-signature-256', (value) => [value.replace('=', '= ').replace(/.{20}$/, ' $&')]),
  },
  {
    kind: 'The signature is percent-encoded',
    provider: 'shopify',
    cause: 'signature-escaped',
    make: () => header('shopify', 'x-shopify-hmac-sha256', (value) => [encodeURIComponent(value)]),
  },
  {
    kind: 'The prefix of the signature is missing',
    provider: 'github',
    cause: 'signature-prefix',
    make: () => header('github', 'x-hub-signature-256', (value) => [value.replace('sha256=', '')]),
  },
  {
    kind: 'The prefix of the signature is another one',
    provider: 'github',
    cause: 'signature-prefix',
    make: () => header('github', 'x-hub-signature-256', (value) => [value.replace('sha256=', 'SHA256:')]),
  },
  {
    kind: 'The signature is in base64, not in hexadecimal',
    provider: 'github',
    cause: 'signature-encoding',
    make: () =>
      header('github', 'x-hub-signature-256', (value) => [
        `sha256=${Buffer.from(value.slice(7), 'hex').toString('base64')}`,
      ]),
  },
  {
    kind: 'The signature is cut off',
    provider: 'github',
    cause: 'signature-truncated',
    make: () => header('github', 'x-hub-signature-256', (value) => [value.slice(0, -6)]),
  },
  {
    kind: 'The signature, in base64, is in lower case',
    provider: 'shopify',
    cause: 'signature-case',
    make: () => header('shopify', 'x-shopify-hmac-sha256', (value) => [value.toLowerCase()]),
  },
  {
    kind: 'The sender’s secret ends in a line end',
    provider: 'github',
    cause: 'secret-line-end',
    make: () => secret('github', `${PHRASE}\n`, PHRASE),
  },
  {
    kind: 'The secret is in quotes',
    provider: 'stripe',
    cause: 'secret-quoted',
    make: () => secret('stripe', PHRASE, `"${PHRASE}"`),
  },
  {
    kind: 'A zero-width space is in the secret',
    provider: 'github',
    cause: 'secret-white-space',
    make: () => secret('github', PHRASE, `correct\u200b${PHRASE.slice(7)}`),
  },
  {
    kind: 'The secret is a line of an .env file',
    provider: 'github',
    cause: 'secret-assignment',
    make: () => secret('github', PHRASE, `WEBHOOK_SECRET=${PHRASE}`),
  },
  {
    kind: 'The secret is a JSON object of Secrets Manager',
    provider: 'github',
    cause: 'secret-in-json',
    make: () => secret('github', PHRASE, JSON.stringify({ secret: PHRASE })),
  },
  {
    kind: 'The secret is percent-encoded',
    provider: 'github',
    cause: 'secret-escaped',
    make: () => secret('github', `${PHRASE}+/=`, encodeURIComponent(`${PHRASE}+/=`)),
  },
  {
    kind: 'The secret lacks whsec_, which belongs to it',
    provider: 'stripe',
    cause: 'secret-prefix-missing',
    make: () => secret('stripe', 'whsec_aGFyYm9yLWJvb2tzLWtleQ', 'aGFyYm9yLWJvb2tzLWtleQ'),
  },
  {
    kind: 'The secret has whsec_, which does not belong to it',
    provider: 'github',
    cause: 'secret-prefix',
    make: () => secret('github', PHRASE, `whsec_${PHRASE}`),
  },
  {
    kind: 'The secret is in base64, as Kubernetes shows it',
    provider: 'github',
    cause: 'secret-encoded',
    make: () => secret('github', PHRASE, Buffer.from(PHRASE).toString('base64')),
  },
  {
    kind: 'The key is in base64, not in hexadecimal',
    provider: 'adyen',
    cause: 'secret-encoding',
    make: () => secret('adyen', HEX, BASE64),
  },
  {
    kind: 'The key is in hexadecimal, not in base64',
    provider: 'svix',
    cause: 'secret-encoding',
    make: () => secret('svix', `whsec_${BASE64}`, HEX),
  },
  {
    kind: 'The letters of the secret are in the other case',
    provider: 'github',
    cause: 'secret-case',
    make: () => secret('github', HEX, HEX.toUpperCase()),
  },
  {
    kind: 'The secret is decoded from hexadecimal by the sender',
    provider: 'github',
    cause: 'signature-key',
    make: () => {
      const sample = signed('github', { signing: HEX, verification: HEX });
      const mac = createHmac('sha256', Buffer.from(HEX, 'hex')).update(sample.request.body).digest('hex');
      const headers = new Map([...sample.request.headers, ['x-hub-signature-256', [`sha256=${mac}`]]]);
      return given(sample, captured({ ...sample.request, headers }));
    },
  },
  {
    kind: 'A text in place of the public key',
    provider: 'discord',
    cause: 'secret-kind',
    make: () => {
      const { request } = signed('discord');
      return { bytes: captured(request), secret: PHRASE };
    },
  },
  {
    kind: 'A private key in place of the public key',
    provider: 'discord',
    cause: 'secret-private',
    make: () => {
      const { request, keys } = signed('discord');
      return { bytes: captured(request), secret: keys.signing };
    },
  },
  {
    kind: 'A public key in place of the shared secret',
    provider: 'github',
    cause: 'secret-public',
    make: () => {
      const { publicKey } = generateKeyPairSync('ed25519');
      const { request } = signed('github');
      return { bytes: captured(request), secret: publicKey.export({ format: 'pem', type: 'spki' }).toString() };
    },
  },
  {
    kind: 'The line breaks of a certificate became spaces',
    provider: 'app-store',
    cause: 'secret-line-breaks',
    make: () => {
      const { request, keys } = signed('app-store');
      return { bytes: captured(request), secret: keys.verification.trim().replaceAll('\n', ' ') };
    },
  },
  {
    kind: 'The line breaks of a certificate are escaped',
    provider: 'app-store',
    cause: 'secret-escaped',
    make: () => {
      const { request, keys } = signed('app-store');
      return { bytes: captured(request), secret: keys.verification.trim().replaceAll('\n', '\\n') };
    },
  },
  {
    kind: 'The provider signs with a certificate that is not given',
    provider: 'paypal',
    cause: 'certificate',
    detail: /^paypal, from https:\/\/api\.paypal\.com\//,
    make: () => ({ ...secret('paypal', signed('paypal').keys.signing, ''), secret: '' }),
  },
  {
    kind: 'A setting that the provider signs is not given',
    provider: 'sns',
    cause: 'setting-needed',
    detail: /^sns: topicArn$/,
    make: () => body('sns', (sent) => sent.replaceAll('harbor-alarms', 'other-alarms')),
  },
  {
    kind: 'The secret is another one',
    provider: 'github',
    cause: 'unknown',
    make: () => secret('github', PHRASE, 'the-secret-before-the-rotation'),
  },
];
