import { describe, expect, it } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import { providers } from '../../lambda/providers/index.ts';
import { checkSources, type SourceProps } from '../../lib/sources.ts';
import { inboxStack } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const check = (name: string, source: SourceProps = generic) => checkSources({ [name]: source });

const BAD_NAME = 'its name is part of a URL; use lower-case letters, digits and single hyphens, 40 characters at most.';

const NAMES = Object.keys(providers).join(', ');

describe('sources', () => {
  it('are wanted', () => {
    const message = "An inbox needs a source: sources: { partner: { provider: 'generic' } }";
    expect(() => checkSources({})).toThrow(new Error(message));
    expect(() => inboxStack({ sources: {} })).toThrow(new Error(message));
  });

  it.each(['a', 'partner', 'stripe-eu', 'a1-2-b3', 'x'.repeat(40)])('may be named %s', (name) => {
    expect(() => check(name)).not.toThrow();
  });

  it.each([
    '',
    'Partner',
    '1a',
    '-a',
    'a-',
    'a--b',
    'a_b',
    'a/b',
    'a.b',
    '{a}',
    'a b',
    'é',
    'a\n',
    '__proto__x',
    'x'.repeat(41),
  ])('may not be named %j', (name) => {
    expect(() => check(name)).toThrow(new Error(`Source "${name}": ${BAD_NAME}`));
  });

  it.each(['acme', 'toString', '__proto__', ''])('may not come from %j, whom nobody knows', (name) => {
    expect(() => check('partner', { provider: name } as unknown as SourceProps)).toThrow(
      new Error(`Source "partner": there is no provider "${name}". There are: ${NAMES}.`),
    );
  });

  it('may not be without a provider', () => {
    const sources = { partner: undefined } as unknown as Record<string, SourceProps>;
    expect(() => checkSources(sources)).toThrow(
      new Error(`Source "partner": there is no provider "". There are: ${NAMES}.`),
    );
  });

  it.each([1, 1024 * 1024, 4 * 1024 * 1024])('may take bodies of %d bytes', (maxBodyBytes) => {
    expect(() => check('partner', { ...generic, maxBodyBytes })).not.toThrow();
  });

  it.each([0, -1, 1.5, 4 * 1024 * 1024 + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    'may not take bodies of %d bytes',
    (maxBodyBytes) => {
      expect(() => check('partner', { ...generic, maxBodyBytes })).toThrow(
        new Error(
          `Source "partner": maxBodyBytes must be a whole number from 1 to 4194304 (4 MiB), not ${maxBodyBytes}.`,
        ),
      );
    },
  );

  it.each([5, 90, 24 * 60, 25 * 60, 7 * 24 * 60])('may be silent for %d minutes', (minutes) => {
    expect(() => check('partner', { ...generic, silentAfter: Duration.minutes(minutes) })).not.toThrow();
  });

  it.each([0, 90, 7 * 60, 24 * 3600 + 300, 7 * 24 * 3600 + 3600])(
    'may not be silent for %d seconds, which no alarm can tell',
    (seconds) => {
      expect(() => check('partner', { ...generic, silentAfter: Duration.seconds(seconds) })).toThrow(
        new Error(
          `Source "partner": silentAfter must be a multiple of 5 minutes up to a day, or of an hour up to 7 days, not ${seconds} seconds.`,
        ),
      );
    },
  );

  it('may not differ in hyphens alone', () => {
    expect(() => checkSources({ a1: generic, 'a-1': generic })).toThrow(
      new Error('Sources "a1" and "a-1": their names are too alike; rename one of them.'),
    );
  });

  it('are refused by the stack as well, by name', () => {
    const sources = { good: generic, Bad: generic };
    expect(() => inboxStack({ sources })).toThrow(new Error(`Source "Bad": ${BAD_NAME}`));
  });
});
