import { describe, expect, it } from '@jest/globals';
import { environmentWarnings } from '../../../cli/local/environment-warnings.ts';
import { everySource } from '../../../cli/local/every-source.ts';
import { PREFIXES, variableOf } from '../../../cli/local/local-keys.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { hasSecret } from '../../../lambda/signature/scheme.ts';

const sources = everySource({}, 'http://127.0.0.1:3000');
const warningsFor = (environment: NodeJS.ProcessEnv) => environmentWarnings(environment, sources);
const ED25519_PUBLIC_KEY = `whpk_${'A'.repeat(43)}=`;

/** Names of the providers whose sources have a secret. */
const names = (Object.keys(providers) as ProviderName[]).filter((name) => hasSecret(providers[name]().signature));

describe('the warnings about environment variables of sources', () => {
  it('are none for an environment without them', async () => {
    expect(await warningsFor({ PATH: '/bin', PORT: '3000', WEBHOOK: 'x' })).toEqual([]);
  });

  it.each(names)('are none for a secret in the form that %s shows it in', async (name) => {
    const { verification } = providers[name]().signature.generateKeys();
    const environment = {
      [variableOf(PREFIXES.secret, name)]: `${verification}\n`,
      [variableOf(PREFIXES.previousSecret, name)]: verification,
    };
    expect(await warningsFor(environment)).toEqual([]);
  });

  it('are none for a public key of Standard Webhooks, a signing token of GitLab and a verify token of Meta', async () => {
    const environment = {
      WEBHOOK_SECRET_STANDARD_WEBHOOKS: ED25519_PUBLIC_KEY,
      WEBHOOK_SECRET_GITLAB: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      WEBHOOK_VERIFY_TOKEN_META: 'of my choice',
    };
    expect(await warningsFor(environment)).toEqual([]);
  });

  it.each([
    ['WEBHOOK_SECRET_STRIP', 'WEBHOOK_SECRET_STRIP names no source. Did you mean WEBHOOK_SECRET_STRIPE?'],
    ['WEBHOOK_SECRET_stripe', 'WEBHOOK_SECRET_stripe names no source. Did you mean WEBHOOK_SECRET_STRIPE?'],
    [
      'WEBHOOK_PREVIOUS_SECRET_STANDARD_WEBHOOK',
      'WEBHOOK_PREVIOUS_SECRET_STANDARD_WEBHOOK names no source. Did you mean WEBHOOK_PREVIOUS_SECRET_STANDARD_WEBHOOKS?',
    ],
    ['WEBHOOK_VERIFY_TOKEN_MET', 'WEBHOOK_VERIFY_TOKEN_MET names no source. Did you mean WEBHOOK_VERIFY_TOKEN_META?'],
    ['WEBHOOK_SECRET_PARTNER', 'WEBHOOK_SECRET_PARTNER names no source.'],
    ['WEBHOOK_VERIFY_TOKEN_STRIPE', 'WEBHOOK_VERIFY_TOKEN_STRIPE has no effect: stripe checks no verify token.'],
    ['WEBHOOK_SECRET_SNS', 'WEBHOOK_SECRET_SNS has no effect: sns signs with a certificate, not with a secret.'],
    [
      'WEBHOOK_SECRET_GOOGLE_PUBSUB',
      'WEBHOOK_SECRET_GOOGLE_PUBSUB has no effect: google-pubsub signs with keys that its provider publishes, not with a secret.',
    ],
  ])('explain the fault of %s', async (variable, warning) => {
    expect(await warningsFor({ [variable]: 'hush' })).toEqual([warning]);
  });

  it.each([
    ['WEBHOOK_SECRET_STANDARD_WEBHOOKS', 'whsec_not base64'],
    ['WEBHOOK_SECRET_STANDARD_WEBHOOKS', 'whpk_tooshort'],
    ['WEBHOOK_SECRET_SVIX', 'whsec_'],
    ['WEBHOOK_SECRET_GITLAB', 'whsec_not base64'],
    ['WEBHOOK_PREVIOUS_SECRET_DISCORD', 'not hex'],
    ['WEBHOOK_SECRET_SENDGRID', 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE'],
  ])('report that %s cannot be used if it is "%s", without the value', async (variable, value) => {
    const [warning, ...others] = await warningsFor({ [variable]: value });
    expect(warning).toMatch(new RegExp(`^${variable} is no key of \\S+'s signature scheme`));
    expect(warning).not.toContain(value);
    expect(others).toEqual([]);
  });

  it('report that a source with an empty secret responds with 503', async () => {
    expect(await warningsFor({ WEBHOOK_SECRET_GENERIC: ' \n' })).toEqual([
      'WEBHOOK_SECRET_GENERIC is empty: generic responds with 503.',
    ]);
  });
});
