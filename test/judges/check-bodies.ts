import fc from 'fast-check';
import { providers } from '../../lambda/providers/index.ts';
import { toWritten } from '../support/judged-requests.ts';
import { signableRequests, unsignedRequest } from '../support/signable-requests.ts';
import type { VectorRequest } from '../support/vectors.ts';
import { atTime } from './clock.ts';
import { NOW, type Subject, signWith } from './judge-requests.ts';
import { problemOf, verdictsOn } from './verdicts.ts';

/** The same bodies each time. */
const RUNS = { numRuns: 100, seed: 1 };

/** One of them tells enough. */
const MAX_PROBLEMS = 3;

const JSON_TEXT = fc.jsonValue({ stringUnit: 'binary' });
const TEXT = fc.string({ unit: 'binary' });

/**
 * Judges requests with many bodies, which are not recorded: the same random ones each time, and those that the judge
 * names. The SDK and we must accept what either signs, and refuse it with a changed body, unless no part of it is signed.
 * @returns what is wrong
 */
export async function checkBodies(subject: Subject): Promise<readonly string[]> {
  const { provider, judge } = subject;
  const { covers = () => true, bodies = () => [] } = judge;
  const signable = [...signableRequests(provider).values()].filter(covers);
  const requests = signable.flatMap((request) => randomBodies(request, subject).map((body) => ({ ...request, body })));
  const [sample] = signable;
  if (sample) requests.push(...bodies().map((body) => ({ ...sample, body })));
  const problems: string[] = [];
  for (const request of requests) {
    const problem = await problemWith(request, subject);
    if (problem && problems.length < MAX_PROBLEMS)
      problems.push(`${provider}, the body ${request.body.slice(0, 200)}: ${problem}`);
  }
  return problems;
}

async function problemWith(request: VectorRequest, subject: Subject): Promise<string | undefined> {
  const { provider, judge, keys } = subject;
  const isBodySigned = providers[provider]().signature.bodyCoverage !== 'nothing';
  const ours = signWith(subject, request);
  const { sign } = judge;
  const signed = sign ? [ours, await atTime(NOW, async () => sign(ours, keys.signing))] : [ours];
  for (const each of signed) {
    const changed = { ...each, body: Buffer.concat([each.body, Buffer.from('x')]) };
    const problem =
      problemOf(await verdictsOn(toWritten(each), { ...subject, now: NOW }), 'accepted') ??
      (isBodySigned && problemOf(await verdictsOn(toWritten(changed), { ...subject, now: NOW }), 'refused'));
    if (problem) return problem;
  }
  return undefined;
}

/** Bodies like that of a request, with random parts: JSON with another field or item, or a form with other parameters. */
function randomBodies(request: VectorRequest, { url }: Subject): readonly string[] {
  const unsigned = toWritten(unsignedRequest(request, url, NOW));
  if (unsigned.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const parameters = fc.array(fc.tuple(TEXT, TEXT), { minLength: 1, maxLength: 5 });
    return fc.sample(parameters, RUNS).map((added) => `${unsigned.body}&${new URLSearchParams(added)}`);
  }
  const content: unknown = JSON.parse(unsigned.body);
  return fc.sample(JSON_TEXT, RUNS).map((added) => JSON.stringify(withAdded(content, added)));
}

function withAdded(content: unknown, added: unknown): unknown {
  if (Array.isArray(content)) return [...content, added];
  return typeof content === 'object' ? { ...content, added } : added;
}
