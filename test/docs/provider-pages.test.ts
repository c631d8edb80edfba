import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { unsignedIdHeaders } from '../../lib/providers/unsigned-id-headers.ts';
import { linksIn } from '../support/markdown.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const PAGES = new URL('providers/', DOCS);
const names = Object.keys(providers) as ProviderName[];

const BEFORE_SETTINGS = ['Endpoint URL', 'Secret'];
const AFTER_SETTINGS = ['Rotation', 'Responses and retries', 'Weaknesses'];

/** The introduction of a provider's page, and its sections by their headings, in order. */
function readPage(name: string) {
  const page = readFileSync(new URL(`${name}.md`, PAGES), 'utf8');
  const [introduction = '', ...parts] = page.split(/^## /m);
  return { introduction, sections: new Map(parts.map(toSection)), links: linksIn(page) };
}

function toSection(part: string): [heading: string, text: string] {
  const [heading = '', ...lines] = part.split('\n');
  return [heading, lines.join('\n').trim()];
}

it('every provider of the registry has a page, and every page a provider', () => {
  expect(readdirSync(PAGES).toSorted()).toEqual(names.map((name) => `${name}.md`).toSorted());
});

describe.each(names)('the page of %s', (name) => {
  const { title, documentation, settings } = providers[name]();

  it("starts with the provider's title, and gives its name in a source", () => {
    const { introduction } = readPage(name);
    expect(introduction).toMatch(`# ${title}\n\n`);
    expect(introduction).toContain(`\`provider: '${name}'\``);
  });

  it("links to the provider's own documentation", () => {
    const targets = readPage(name).links.map((target) => new URL(target, PAGES).href);
    expect(targets).toContain(new URL(documentation, DOCS).href);
  });

  it('has the headings that all pages have, in the same order', () => {
    const headings = [...readPage(name).sections.keys()];
    const withSettings = Object.keys(settings).length > 0 ? ['Settings'] : [];
    const required = [...BEFORE_SETTINGS, ...withSettings, ...AFTER_SETTINGS];
    expect(headings.slice(0, required.length)).toEqual(required);
    expect([[], ['Notes']]).toContainEqual(headings.slice(required.length));
  });

  it('has text under every heading', () => {
    for (const text of readPage(name).sections.values()) expect(text).not.toBe('');
  });

  it('warns of each header that identifies an event and is not signed, and of no other', () => {
    const weaknesses = readPage(name).sections.get('Weaknesses') ?? '';
    const [, warning = ''] = weaknesses.split('can be sent again with another value of ');
    const named = [...(warning.split(', which is not signed')[0] ?? '').matchAll(/`([\w-]+)`/g)].map(
      ([, header]) => header,
    );
    expect(named).toEqual(unsignedIdHeaders(name, providers[name]()));
    expect(weaknesses).not.toMatch(/under another id/);
  });

  it('has a row for each setting of the provider, and no other', () => {
    const rows = [...(readPage(name).sections.get('Settings') ?? '').matchAll(/^\| `(\w+)` \| /gm)];
    expect(rows.map(([, setting]) => setting)).toEqual(Object.keys(settings));
  });
});
