import { withBody } from '../place.ts';
import { type Check, failed, inconclusive, json, passed, secret, signatureHeader } from './check.ts';
import { type Case, possible, refused, sendAll, survived, together } from './judge.ts';

const DEPTH = 20_000;

/** Bodies that are no JSON at all. */
const MALFORMED: readonly (readonly [what: string, change: (text: string) => string | Buffer])[] = [
  ['an empty body', () => ''],
  ['a body that is cut short', (text) => text.slice(0, -2)],
  ['a body with more behind its end', (text) => `${text}}`],
  ['NaN in place of the body', () => 'NaN'],
  ['a body with NaN in it', (text) => text.replace('{', '{"probe":NaN,')],
  ['a body with single quotes', (text) => text.replaceAll('"', "'")],
  ['a body that is no UTF-8', (text) => withByte(text, 0xff)],
  ['brackets nested 20,000 deep', () => '['.repeat(DEPTH)],
];

/** Bodies that are JSON, and no event. */
const NO_EVENT: readonly (readonly [what: string, text: string])[] = [
  ['null in place of an event', 'null'],
  ['text in place of an event', '"event"'],
  ['a number in place of an event', '42'],
  ['an empty object', '{}'],
];

/** Bodies that parsers read differently: to be taken or refused, but to break nothing. */
const AMBIGUOUS: readonly (readonly [what: string, change: (text: string) => string])[] = [
  ['a body behind a byte order mark', (text) => `\ufeff${text}`],
  ['a body with a key twice', (text) => text.replace('{', '{"probe":1,"probe":2,')],
  ['a body with a number of 400 digits', (text) => text.replace('{', `{"probe":${'9'.repeat(400)},`)],
  ['a body with a number too large for any type', (text) => text.replace('{', '{"probe":1e999999,')],
  ['a field nested 20,000 deep', (text) => text.replace('{', `{"probe":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)},`)],
];

/** Into the first text of the body that is no key, so that it would be a valid one otherwise. */
function withByte(text: string, byte: number): Buffer {
  const [before = ''] = /^.*?:\s*"/s.exec(text) ?? [];
  const at = before.length;
  return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([byte]), Buffer.from(text.slice(at))]);
}

const hostileJson: Check = {
  id: 'hostile-json',
  title: 'A signed body that is no JSON, or hostile, is refused and breaks nothing.',
  severity: 'medium',
  why: 'A body that breaks the endpoint is retried for days. What one parser takes and the next refuses stays in the table for whoever reads it.',
  fix: 'Parse strictly, as UTF-8, with a limit on nesting, and answer 400 for whatever does not parse.',
  requests: MALFORMED.length + NO_EVENT.length + AMBIGUOUS.length,
  needs: [secret, signatureHeader, json],
  async run(prober) {
    const signed = (what: string, change: (text: string) => string | Buffer) => (): Case => {
      const event = prober.event();
      return { what, request: prober.sign(withBody(event, change(event.body.toString()))) };
    };
    const bad = [
      ...MALFORMED.map(([what, change]) => signed(what, change)),
      ...(prober.sender.needsId ? NO_EVENT : []).map(([what, text]) => signed(what, () => text)),
    ];
    const odd = AMBIGUOUS.map(([what, change]) => signed(what, change));
    return together([await sendAll(prober, refused, possible(bad)), await sendAll(prober, survived, possible(odd))]);
  },
};

const parseBeforeVerify: Check = {
  id: 'parse-before-verify',
  title: 'Nothing of a body is read before its signature holds.',
  severity: 'high',
  why: 'Who cannot sign learns the schema from the answers, spends your CPU, and reaches the parser with hostile input.',
  fix: 'Verify the signature over the raw bytes first; parse and validate only what passed.',
  requests: 5,
  needs: [signatureHeader],
  async run(prober) {
    const event = prober.event();
    const text = event.body.toString();
    const forged = prober.sender.sign(event, prober.sender.makeUpKey(), Date.now());
    const bodies: readonly (readonly [string, string])[] = [
      ['a valid body without a valid signature', text],
      ['a malformed body without a valid signature', `${text.slice(0, -3)}%%%`],
      ['an empty object without a valid signature', '{}'],
      ['a list without a valid signature', '[[[[1]]]]'],
      ['random text without a valid signature', 'probe probe probe'],
    ];
    const shapes = new Map<string, string>();
    for (const [what, body] of bodies) {
      const answer = await prober.send(what, withBody(forged, body));
      if (answer.status === undefined) return inconclusive(`No answer to ${what}: ${answer.failure}.`);
      shapes.set(what, `${answer.status} ${shapeOf(answer.text)}`);
    }
    return judgeShapes(shapes);
  },
};

/** What an answer says but for ids and numbers, which differ from one request to the next. */
const shapeOf = (text: string) => text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '#').replace(/\d+/g, '#');

function judgeShapes(shapes: ReadonlyMap<string, string>) {
  const [[standard = '', first = ''] = []] = shapes;
  const other = [...shapes].find(([, shape]) => shape !== first);
  if (!other) return passed(`The same answer to every body without a valid signature: ${first.slice(0, 3)}.`);
  const [what, shape] = other;
  return failed(`Answered ${shape.slice(0, 3)} to ${what}, otherwise than to ${standard} (${first.slice(0, 3)}).`);
}

export const jsonChecks: readonly Check[] = [parseBeforeVerify, hostileJson];
