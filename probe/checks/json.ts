import { withBody } from '../place.ts';
import type { Prober } from '../prober.ts';
import type { WireResponse } from '../wire.ts';
import { type Check, type Finding, failed, inconclusive, json, passed, secret, signatureHeader } from './check.ts';
import { type Case, combined, mustRefuse, mustSurvive, noResponse, sendAll, signable } from './judge.ts';

const DEPTH = 20_000;

/** Bodies that are not JSON. */
const MALFORMED: readonly (readonly [what: string, change: (text: string) => string | Buffer])[] = [
  ['an empty body', () => ''],
  ['a truncated body', (text) => text.slice(0, -2)],
  ['a body with an extra brace at its end', (text) => `${text}}`],
  ['NaN as the body', () => 'NaN'],
  ['a body with NaN in it', (text) => text.replace('{', '{"probe":NaN,')],
  ['a body with single quotes', (text) => (text.includes('"') ? text.replaceAll('"', "'") : "{'probe':1}")],
  ['a body that is not UTF-8', (text) => withByte(text, 0xff)],
  ['20,000 nested brackets', () => '['.repeat(DEPTH)],
];

/** Bodies that are JSON, but not an event. */
const NO_EVENT: readonly (readonly [what: string, text: string])[] = [
  ['null instead of an event', 'null'],
  ['a string instead of an event', '"event"'],
  ['a number instead of an event', '42'],
  ['an empty object', '{}'],
];

/** Bodies that parsers read differently. The endpoint may accept or refuse them. */
const AMBIGUOUS: readonly (readonly [what: string, change: (text: string) => string])[] = [
  ['a body with a byte order mark', (text) => `\ufeff${text}`],
  ['a body with a duplicate key', (text) => text.replace('{', '{"probe":1,"probe":2,')],
  ['a body with a number of 400 digits', (text) => text.replace('{', `{"probe":${'9'.repeat(400)},`)],
  ['a body with a number too large for any type', (text) => text.replace('{', '{"probe":1e999999,')],
  ['a field with 20,000 nested brackets', (text) => text.replace('{', `{"probe":${NESTED},`)],
];

const NESTED = '['.repeat(DEPTH) + ']'.repeat(DEPTH);

/** Adds a byte to the first string value, where any valid UTF-8 would be accepted. */
function withByte(text: string, byte: number): Buffer {
  const [before = ''] = /^.*?:\s*"/s.exec(text) ?? [];
  const at = before.length;
  return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([byte]), Buffer.from(text.slice(at))]);
}

const hostileJson: Check = {
  id: 'hostile-json',
  title: 'Malformed JSON is refused, and hostile JSON causes no server error.',
  failedTitle: 'Malformed JSON is accepted',
  errorTitle: 'Malformed or hostile JSON causes a server error',
  severity: 'medium',
  why: 'Senders retry a body that breaks the endpoint for days. A body that one parser accepts and another refuses stays in the table for whoever reads it.',
  fix: 'Parse strictly, as UTF-8, with a limit on nesting, and return 400 for a body that does not parse.',
  requests: MALFORMED.length + NO_EVENT.length + AMBIGUOUS.length,
  needs: [secret, signatureHeader, json],
  async run(prober) {
    const signed = (what: string, change: (text: string) => string | Buffer) => (): Case => {
      const event = prober.event();
      const request = prober.sign(withBody(event, change(event.body.toString())));
      return { what, request, options: { genuine: prober.sign(event) } };
    };
    const invalid = [
      ...MALFORMED.map(([what, change]) => signed(what, change)),
      ...(prober.sender.needsId ? NO_EVENT : []).map(([what, text]) => signed(what, () => text)),
    ];
    const ambiguous = AMBIGUOUS.map(([what, change]) => signed(what, change));
    return combined([
      await sendAll(prober, mustRefuse, signable(invalid)),
      await sendAll(prober, mustSurvive, signable(ambiguous)),
    ]);
  },
};

const parseBeforeVerify: Check = {
  id: 'parse-before-verify',
  title: 'A body is not parsed before its signature is verified.',
  failedTitle: 'A body is parsed before its signature is verified',
  severity: 'high',
  why: 'Otherwise anyone without the secret learns the schema from the responses, uses your CPU, and reaches the parser with hostile input.',
  fix: 'Verify the signature over the raw bytes first; parse and validate only what passed.',
  requests: 5,
  needs: [signatureHeader],
  async run(prober) {
    const event = prober.event();
    const text = event.body.toString();
    const forged = prober.sender.sign(event, prober.sender.generateKey(), Date.now());
    const bodies: readonly (readonly [string, string])[] = [
      ['a valid body without a valid signature', text],
      ['a malformed body without a valid signature', `${text.slice(0, -3)}%%%`],
      ['an empty object without a valid signature', '{}'],
      ['a list without a valid signature', '[[[[1]]]]'],
      ['random text without a valid signature', 'probe probe probe'],
    ];
    const genuine = prober.sign(event);
    const expected = 'The response is the same to every body without a valid signature.';
    const shapes: Shape[] = [];
    for (const [what, body] of bodies) {
      const response = await prober.send(what, withBody(forged, body), { genuine, expected });
      if (response.status === undefined) return inconclusive(noResponse(what, response.failure));
      shapes.push({ what, response, shape: `${response.status} ${shapeOf(response.text)}` });
    }
    return judgeShapes(prober, shapes);
  },
};

/** A response, and what is alike in responses to the same fault. */
interface Shape {
  readonly what: string;
  readonly response: WireResponse;
  readonly shape: string;
}

/** The text without ids and numbers, which differ between responses. */
const shapeOf = (text: string) => text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '#').replace(/\d+/g, '#');

function judgeShapes(prober: Prober, [first, ...others]: readonly Shape[]): Finding {
  if (!first) return inconclusive('The probe sent no request.');
  const usual = first.response.status;
  const other = others.find(({ shape }) => shape !== first.shape);
  if (!other) return passed(`The response to every body without a valid signature was the same: ${usual}.`);
  const { what, response } = other;
  const difference = response.status === usual ? 'the text differs' : `${response.status} instead of ${usual}`;
  const detail = `The response to ${what} differs from the response to ${first.what}: ${difference}.`;
  return prober.conclude(response, failed(detail));
}

export const jsonChecks: readonly Check[] = [parseBeforeVerify, hostileJson];
