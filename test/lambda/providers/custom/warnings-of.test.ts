import { describe, expect, it } from '@jest/globals';
import type { CustomDefinition } from '../../../../lambda/providers/custom/custom-definition.ts';
import { warningsOf } from '../../../../lambda/providers/custom/warnings-of.ts';
import { customDefinitions } from '../../../../samples/custom-definitions.ts';

const paths = (definition: CustomDefinition) => warningsOf(definition).map((warning) => warning.split(':')[0]);

describe('The warnings of a definition', () => {
  it.each([
    ['stripe', []],
    ['standard-webhooks', []],
    ['square', ['signature.timestamp']],
    ['github', ['signature.timestamp', 'event.id']],
    ['intercom', ['signature.algorithm', 'signature.timestamp']],
    ['linear', ['event.id']],
    ['mailgun', ['signature.pointer']],
    ['gitlab', ['signature.algorithm']],
    ['zoom', ['event.id']],
    ['chargebee', ['signature.algorithm']],
    ['fusionauth', ['signature.toleranceSeconds']],
    ['netlify', ['signature.toleranceSeconds', 'event.id']],
    ['google-pubsub', ['signature.bodyHash']],
  ] as const)('are, for the scheme of %s, about %j', (name, expected) => {
    expect(paths(customDefinitions[name])).toEqual(expected);
  });

  it('are about a token in the URL and in the body', () => {
    const event = { id: { pointer: '/id' } };
    expect(paths({ signature: { algorithm: 'token', query: 'token' }, event })).toEqual([
      'signature.algorithm',
      'signature.query',
    ]);
    expect(paths({ signature: { algorithm: 'token', pointer: '/token' }, event })).toEqual([
      'signature.algorithm',
      'signature.pointer',
    ]);
  });

  it('are not about an id in a header that is signed', () => {
    const signature = {
      algorithm: 'hmac-sha256',
      header: 'X',
      timestamp: { header: 'T' },
      content: '{header:X-Id}.{timestamp}.{body}',
    } as const;
    expect(warningsOf({ signature, event: { id: { header: 'x-id' } } })).toEqual([]);
  });

  it('say what to use instead', () => {
    for (const definition of Object.values(customDefinitions)) {
      for (const warning of warningsOf(definition))
        expect(warning).toMatch(/^[a-zA-Z.]+: .+ (?:Use|Add|require) .+\.$|so require it in event.schema\.$/s);
    }
  });
});
