import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { forwardedRequests } from '../support/forwarded-requests.ts';
import {
  type JudgedFile,
  type JudgedRequest,
  toSigned,
  toWritten,
  type WrittenRequest,
} from '../support/judged-requests.ts';
import { signableRequests, unsignedRequest } from '../support/signable-requests.ts';
import type { VectorRequest } from '../support/vectors.ts';
import { atTime } from './clock.ts';
import { forgeriesOf } from './forgeries.ts';
import type { Judge } from './judge.ts';
import { problemOf, verdictsOn } from './verdicts.ts';

/** When all recorded requests are signed: ISO 8601. */
export const CLOCK = '2026-03-01T12:00:00.250Z';
/** The same in epoch milliseconds. */
export const NOW = Date.parse(CLOCK);

/** Most signed times have no fraction of a second. */
const BEYOND_TOLERANCE_SECONDS = 2;

/** A provider, its judge, and the keys that its requests are signed with. */
export interface Subject {
  readonly provider: ProviderName;
  readonly judge: Judge;
  readonly keys: SigningKeys;
  readonly otherKeys: SigningKeys;
  readonly url: string;
}

/** A request before it is judged. */
interface Case extends Pick<JudgedRequest, 'name' | 'signer' | 'signed' | 'forwarded' | 'arrived'> {
  readonly request: WrittenRequest;
  readonly mustBe?: 'accepted' | 'refused';
}

/** The judged requests of a provider, and what is wrong with the verdicts on them. */
export interface Judgement {
  readonly requests: readonly JudgedRequest[];
  readonly problems: readonly string[];
}

/**
 * The provider with its keys.
 * @param previous holds the keys, so that requests are signed with the same ones each time. @default - new keys
 */
export function subjectOf(provider: ProviderName, judge: Judge, previous?: JudgedFile): Subject {
  const { generateKeys = providers[provider]().signature.generateKeys, url } = judge;
  return {
    provider,
    judge,
    keys: previous?.keys ?? generateKeys(),
    otherKeys: previous?.otherKeys ?? generateKeys(),
    url: url ?? `https://hooks.example.com/webhooks/${provider}`,
  };
}

/**
 * Signs and forges the requests of a provider, and judges them.
 * @param previous the requests as they were judged before, whose random signatures stay
 */
export async function judgeRequests(subject: Subject, previous: readonly JudgedRequest[]): Promise<Judgement> {
  const recorded = new Map(previous.map((request) => [request.name, request]));
  const requests: JudgedRequest[] = [];
  const problems: string[] = [];
  for (const { mustBe, request, ...named } of await casesOf(subject, recorded)) {
    const now = Date.parse(named.arrived ?? CLOCK);
    const verdicts = await verdictsOn(request, { ...subject, now });
    const problem = problemOf(verdicts, mustBe);
    if (problem) problems.push(`${subject.provider}, ${named.name}: ${problem}`);
    requests.push({ ...named, ...request, ...verdicts });
  }
  return { requests, problems };
}

type Recorded = ReadonlyMap<string, WrittenRequest>;

async function casesOf(subject: Subject, recorded: Recorded): Promise<readonly Case[]> {
  const { provider, judge, keys } = subject;
  const { covers = () => true, requests = {} } = judge;
  const signable = [...signableRequests(provider)].filter(([, request]) => covers(request));
  const cases: Case[] = [];
  const forgedTypes = new Set<string | undefined>();
  for (const [name, request] of signable) {
    const { 'content-type': type } = request.headers;
    cases.push(...(await casesOfRequest(subject, recorded, { name, request, isForged: !forgedTypes.has(type) })));
    cases.push(...(await forwardedCases(subject, recorded, { name, request })));
    forgedTypes.add(type);
  }
  for (const [name, request] of Object.entries(requests)) {
    const signedByUs = settled(name, () => signWith(subject, request), recorded);
    cases.push({ name, signer: 'webhook-inbox', request: signedByUs });
  }
  for (const [name, request] of Object.entries(judge.signed?.(keys.signing) ?? {})) {
    cases.push({ name, signer: 'judge', request, mustBe: 'accepted' });
  }
  return cases;
}

async function casesOfRequest(
  subject: Subject,
  recorded: Recorded,
  { name, request, isForged }: { name: string; request: VectorRequest; isForged: boolean },
): Promise<readonly Case[]> {
  const { judge, keys, otherKeys, url } = subject;
  const ours = settled(name, () => signWith(subject, request), recorded);
  const unsigned = unsignedRequest(request, url, NOW);
  const genuine: Case[] = [{ name, signer: 'webhook-inbox', signed: name, request: ours, mustBe: 'accepted' }];
  const { sign } = judge;
  if (sign) {
    const signed = toWritten(await atTime(NOW, async () => sign(toSigned(ours), keys.signing)));
    genuine.push({ name: `${name}, signed by the SDK`, signer: 'judge', request: signed, mustBe: 'accepted' });
  }
  if (!isForged) return genuine;
  const withOtherKey = `${name}, signed with another key`;
  const forged = settled(withOtherKey, () => signWith(subject, request, otherKeys.signing), recorded);
  return [
    ...genuine,
    ...genuine.flatMap((each) => forgedCases(subject, each, unsigned)),
    { name: withOtherKey, signer: 'webhook-inbox', request: forged, mustBe: 'refused' },
  ];
}

function forgedCases({ provider, judge }: Subject, genuine: Case, unsigned: SignedRequest): readonly Case[] {
  const signed = toSigned(genuine.request);
  const { signer, request } = genuine;
  const changes = Object.fromEntries(
    Object.entries(judge.forgeries ?? {}).map(([name, forge]) => [name, forge(signed)] as const),
  );
  const { bodyCoverage, toleranceSeconds } = providers[provider]().signature;
  const all = { ...forgeriesOf(signed, unsigned, bodyCoverage), ...changes };
  const forged = Object.entries(all).map(([change, each]): Case => {
    return { name: `${genuine.name}, ${change}`, signer, request: toWritten(each), mustBe: 'refused' };
  });
  if (toleranceSeconds === undefined) return forged;
  const shift = toleranceSeconds + BEYOND_TOLERANCE_SECONDS;
  const arrivals = [
    [`${shift} s late`, shift],
    [`${shift} s early`, -shift],
  ] as const;
  const untimely = arrivals.map(([when, seconds]): Case => {
    const arrived = new Date(NOW + seconds * 1000).toISOString();
    return { name: `${genuine.name}, ${when}`, signer, arrived, request };
  });
  return [...forged, ...untimely];
}

/** What a handler gets of the request: as it was delivered, and as it is rebuilt from what was stored. */
async function forwardedCases(
  { provider, keys, url }: Subject,
  recorded: Recorded,
  { name, request }: { name: string; request: VectorRequest },
): Promise<readonly Case[]> {
  const forward = () => forwardedRequests(request, { provider, keys, url, now: NOW });
  const signed = [await forward(), await forward()];
  return Object.keys(signed[0] ?? {}).map((form): Case => {
    const forwarded = `${name}, forwarded ${form}`;
    // Of a random signature, two differ.
    const both = signed.flatMap((each) => each[form] ?? []);
    const next = () => both.shift() ?? signWith({ provider, keys, url }, request);
    return {
      name: forwarded,
      signer: 'webhook-inbox',
      forwarded: name,
      request: settled(forwarded, next, recorded),
      mustBe: 'accepted',
    };
  });
}

/** The request with our signature. */
export function signWith(
  { provider, url, keys }: Pick<Subject, 'provider' | 'url' | 'keys'>,
  request: VectorRequest,
  key = keys.signing,
): SignedRequest {
  const definition = providers[provider]();
  const signing = { key, now: NOW, settings: exampleSettings(definition) };
  return definition.signature.sign(unsignedRequest(request, url, NOW), signing);
}

/** The recorded request, if a new one differs from it only in what is random in a signature; else the new one. */
function settled(name: string, sign: () => SignedRequest, recorded: Recorded): WrittenRequest {
  const made = toWritten(sign());
  const known = recorded.get(name);
  if (!known) return made;
  const { headers: random } = toWritten(sign());
  const same = Object.entries(made.headers).filter(([header, value]) => random[header] === value);
  const isSame =
    known.body === made.body &&
    known.url === made.url &&
    known.query === made.query &&
    Object.keys(known.headers).join() === Object.keys(made.headers).join() &&
    same.every(([header, value]) => known.headers[header] === value);
  return isSame ? { ...made, headers: known.headers } : made;
}
