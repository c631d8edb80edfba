import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { readVector } from '../../support/vectors.ts';

const names = Object.keys(providers) as ProviderName[];

/** The text in which a request may name the field: its headers in lower case, and its body. */
function textsOf(name: ProviderName): string {
  const { sample, samples, variants } = readVector(name);
  return JSON.stringify([sample, ...samples, ...variants].flatMap(({ headers, body }) => [Object.keys(headers), body]));
}

/** Whether a request of the provider names each part of a label, such as `form_response.submitted_at`. */
function isNamed(name: ProviderName, label: string): boolean {
  const texts = textsOf(name);
  return label
    .split(/\.|, | or /)
    .every((part) => part && (texts.includes(part) || texts.includes(part.toLowerCase())));
}

/** Providers whose signature covers some fields of the body, and not the time of the event. */
const TIME_NOT_SIGNED: readonly ProviderName[] = ['adyen'];

describe('The definition of a provider', () => {
  it.each(names)('names the page that documents its signatures: %s', (name) => {
    const { documentation } = providers[name]();
    if (name === 'generic') expect(documentation).toBe('generic.md');
    else expect(new URL(documentation).protocol).toBe('https:');
  });

  it.each(names)('names the place of the time of its events, if they have one, as its requests do: %s', (name) => {
    const { eventTime } = providers[name]();
    expect(eventTime === undefined || isNamed(name, eventTime.label)).toBe(true);
  });

  it.each(names)('has the time of an event signed if it is in a body that the signature covers: %s', (name) => {
    const { eventTime, eventHeaders, signature } = providers[name]();
    const isInBody = eventTime !== undefined && !eventHeaders.includes(eventTime.label.toLowerCase());
    const isCovered = signature.bodyCoverage !== 'nothing' && !TIME_NOT_SIGNED.includes(name);
    expect(eventTime?.isSigned ?? false).toBe(isInBody && isCovered);
  });

  it.each(names)('has a description, an example and a pattern of whole values for each setting: %s', (name) => {
    for (const { description, example, pattern } of Object.values(providers[name]().settings)) {
      expect(description).toMatch(/^[A-Z].{10,}\.$/s);
      expect(example).toMatch(pattern);
      for (const other of ['', ` ${example}`, `${example} `, `-\n${example}`, `${example}\n-`]) {
        expect([other, pattern.test(other)]).toEqual([other, false]);
      }
    }
  });
});
