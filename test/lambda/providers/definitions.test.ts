import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { readVector } from '../../support/vectors.ts';

const names = Object.keys(providers) as ProviderName[];
const timed = names.flatMap((name) => {
  const { eventTime, eventHeaders, signature } = providers[name]();
  return eventTime ? [{ name, ...eventTime, eventHeaders, bodyCoverage: signature.bodyCoverage }] : [];
});
const settings = names.flatMap((name) =>
  Object.entries(providers[name]().settings).map(([setting, definition]) => ({ name, setting, ...definition })),
);

/** The text in which a request may name the field: its headers in lower case, and its body. */
function textsOf(name: ProviderName): string {
  const { sample, samples, variants } = readVector(name);
  return JSON.stringify([sample, ...samples, ...variants].flatMap(({ headers, body }) => [Object.keys(headers), body]));
}

describe('The definition of a provider', () => {
  it.each(names)('names the page that documents its signatures: %s', (name) => {
    const { documentation } = providers[name]();
    if (name === 'generic') expect(documentation).toBe('../README.md#the-generic-provider');
    else expect(new URL(documentation).protocol).toBe('https:');
  });

  it.each(timed)('names fields of its requests as the place of the time of an event: $name', ({ name, label }) => {
    const fields = label.split(/\.|, | or /);
    const texts = textsOf(name);
    expect(fields.filter((field) => !texts.includes(field) && !texts.includes(field.toLowerCase()))).toEqual([]);
    expect(fields).not.toContain('');
  });

  it.each(timed)('has the time of an event signed if it is in a body that the signature covers: $name', (each) => {
    const isInBody = !each.eventHeaders.includes(each.label.toLowerCase());
    expect(each.isSigned).toBe(isInBody && each.bodyCoverage !== 'nothing');
  });
});

describe('A setting of a source', () => {
  it.each(settings)('has a description and an example, and accepts only whole values: $name $setting', (each) => {
    const { description, example, pattern } = each;
    expect(description).toMatch(/^[A-Z].{10,}\.$/s);
    expect(example).toMatch(pattern);
    for (const other of ['', ` ${example}`, `${example} `, `-\n${example}`, `${example}\n-`]) {
      expect([other, pattern.test(other)]).toEqual([other, false]);
    }
  });
});
