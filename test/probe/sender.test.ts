import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { providerSender } from '../../probe/sender.ts';
import { exampleSettings } from '../../samples/example-settings.ts';

const names = Object.keys(providers) as ProviderName[];

function senderOf(providerName: ProviderName) {
  const provider = providers[providerName]();
  const source = { providerName, provider, settings: exampleSettings(provider) };
  return providerSender(source, `https://hooks.example.com/webhooks/${providerName}`);
}

describe('what a probe knows of a sender', () => {
  it('does not include that Twilio signs every byte, since the parameters of a form may come in any order', () => {
    expect(senderOf('twilio').signsEveryByte).toBe(false);
  });

  it.each(['gitlab', 'mailgun', 'microsoft-graph', 'okta', 'sns'] as const)(
    'does not include that %s signs every byte',
    (name) => {
      expect(senderOf(name).signsEveryByte).toBe(false);
    },
  );

  it.each(['generic', 'stripe', 'paypal'] as const)('includes that a changed byte of %s is noticed', (name) => {
    expect(senderOf(name).signsEveryByte).toBe(true);
  });

  it.each([
    ['generic', ['event_id'], ['timestamp']],
    ['mailgun', ['signature', 'token'], undefined],
    ['zendesk', ['id'], undefined],
    ['typeform', ['event_id'], ['form_response', 'submitted_at']],
    ['svix', undefined, undefined],
    ['sendgrid', undefined, undefined],
  ] as const)('includes where %s has its id and the time that is checked', (name, id, time) => {
    const at = (path?: readonly string[]) => path && { path };
    const { idField, timeAt } = senderOf(name);
    expect({ idField, timeAt }).toEqual({ idField: at(id), timeAt: at(time) });
  });

  it.each(names)('includes how to make a new event of %s', (name) => {
    expect(senderOf(name).idAt).toBeDefined();
  });
});
