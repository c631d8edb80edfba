import { describe, expect, it } from '@jest/globals';
import { compareRequests, type RequestText } from '../../probe/compare-requests.ts';

function textOf(headers: readonly (readonly [string, string])[], body = '{"id":"a1"}', start = 'POST /'): RequestText {
  return {
    start,
    headers: headers.map(([name, value]) => ({ name: name.toLowerCase(), value, line: `${name}: ${value}` })),
    body,
  };
}

/** Fragments as one text, with `+[…]` around what was added and `-[…]` around what was removed. */
function marked(genuine: RequestText, request: RequestText, unmarked: readonly string[] = []): string {
  const fragments = compareRequests(genuine, request, unmarked);
  return fragments.map(({ text, change }) => (change ? `${change === 'added' ? '+' : '-'}[${text}]` : text)).join('');
}

const genuine = textOf([
  ['Type', 'json'],
  ['Sig', 'abc'],
]);

describe('a comparison with the genuine request marks', () => {
  it.each<[string, RequestText, string]>([
    ['nothing in the same request', genuine, 'POST /\nType: json\nSig: abc\n\n{"id":"a1"}'],
    ['a header that was removed', textOf([['Type', 'json']]), 'POST /\nType: json\n-[Sig: abc\n]\n{"id":"a1"}'],
    [
      'a header that was changed',
      textOf([
        ['Type', 'json'],
        ['Sig', 'x'],
      ]),
      'POST /\nType: json\n-[Sig: abc\n]+[Sig: x\n]\n{"id":"a1"}',
    ],
    [
      'the second value of a header',
      textOf([
        ['Type', 'json'],
        ['Sig', 'x'],
        ['Sig', 'abc'],
      ]),
      'POST /\nType: json\n+[Sig: x\n]Sig: abc\n\n{"id":"a1"}',
    ],
    [
      'the method and the path',
      { ...genuine, start: 'PUT /' },
      '-[POST /\n]+[PUT /\n]Type: json\nSig: abc\n\n{"id":"a1"}',
    ],
    [
      'the bytes of the body that differ',
      { ...genuine, body: '{"id":"b1"}' },
      'POST /\nType: json\nSig: abc\n\n{"id":"-[a]+[b]1"}',
    ],
    ['what was cut off', { ...genuine, body: '{"id' }, 'POST /\nType: json\nSig: abc\n\n{"id-[":"a1"}]'],
    ['what was repeated', { ...genuine, body: '{"id":"a1"}}' }, 'POST /\nType: json\nSig: abc\n\n{"id":"a1"}+[}]'],
  ])('%s', (_, request, expected) => {
    expect(marked(genuine, request)).toBe(expected);
  });

  it('no valid signature that differs because the body does', () => {
    const request = textOf(
      [
        ['Type', 'json'],
        ['Sig', 'def'],
      ],
      '{}',
    );
    expect(marked(genuine, request, ['sig'])).toBe('POST /\nType: json\nSig: def\n\n{-["id":"a1"]}');
  });

  it('a change in the middle of a long body, of which it shows the surroundings', () => {
    const [before, after] = ['a'.repeat(5_000), 'b'.repeat(5_000)];
    const text = marked(textOf([], `${before}1${after}`), textOf([], `${before}2${after}`));
    expect(text).toBe(`POST /\n\n…${'a'.repeat(120)}-[1]+[2]${'b'.repeat(120)}… (5000 characters)`);
  });

  it('a bounded part of many headers and of a large change', () => {
    const many = Array.from({ length: 500 }, (_, index) => [`X-${index}`, 'x'] as const);
    const fragments = compareRequests(textOf([]), textOf(many, 'y'.repeat(1_000_000)), []);
    expect(fragments.map(({ text }) => text).join('').length).toBeLessThan(2_000);
    expect(fragments.some(({ text }) => text.startsWith('… and 461 more headers'))).toBe(true);
  });
});
