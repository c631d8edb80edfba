import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { exampleSettings } from '../../../samples/example-settings.ts';
import { published, publishedWith } from '../../support/certificates.ts';
import { forwardedRequests } from '../../support/forwarded-requests.ts';
import {
  type JudgedFile,
  type JudgedRequest,
  readJudgedFile,
  toSigned,
  toWritten,
  type WrittenRequest,
} from '../../support/judged-requests.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, statusOf } from '../../support/provider-requests.ts';
import { signableRequests, unsignedRequest } from '../../support/signable-requests.ts';

// The verdicts of the providers' own SDKs, which test/judges has recorded. `npm run judges` checks that they still hold.

const names = Object.keys(providers) as ProviderName[];
const judged = names.flatMap((provider) => {
  const file = readJudgedFile(provider);
  return file ? [{ provider, file, sdk: `${file.judge.name} ${file.judge.version}` }] : [];
});

it('Each judge of test/judges has recorded its verdicts, with the version that is pinned there', () => {
  const judges = readdirSync('test/judges/providers').map((name) => name.replace('.ts', ''));
  expect(judged.map(({ provider }) => provider)).toEqual(judges.toSorted());
  const { devDependencies } = JSON.parse(readFileSync('test/judges/package.json', 'utf8'));
  const recorded = judged.map(({ file: { judge } }) => [judge.name, judge.version]);
  expect(Object.fromEntries(recorded)).toEqual(devDependencies);
});

describe.each(judged)('Of the requests that $sdk judged, $provider', ({ provider, file }) => {
  const { keys } = file;
  const definition = providers[provider]();
  const settings = exampleSettings(definition);

  it.each(byVerdict(file, 'valid'))('accepts, as the SDK does: $name', async (request) => {
    expect(request.isAccepted).toBe(true);
    expect(await verdictOn(request)).toBe('valid');
    expect(['processed', 'handshake']).toContain(await inboxStatusOf(deliver(request)));
  });

  it.each(byVerdict(file, 'refused'))('rejects with $verdict: $name', async (request) => {
    // The SDK knows a longer tolerance, or none.
    expect(request.isAccepted && request.verdict !== 'outside_tolerance').toBe(false);
    expect(await verdictOn(request)).toBe(request.verdict);
    expect(await statusOf(deliver(request))).toBe(401);
  });

  const signed = file.requests.flatMap((request) => (request.signed ? [{ ...request, signed: request.signed }] : []));

  it.each(signed)('still signs to the byte what the SDK accepted: $name', (request) => {
    const unsigned = signableRequests(provider).get(request.signed);
    const now = Date.parse(file.clock);
    const sign = () => {
      if (!unsigned) throw new Error(`There is no sample or variant ${request.signed}.`);
      const signing = { key: keys.signing, now, settings };
      return toWritten(definition.signature.sign(unsignedRequest(unsigned, request.url, now), signing));
    };
    const made = sign();
    // A signature of ECDSA holds a random number. That of another call tells which header has one.
    const random = randomHeaders(made, sign());
    const { method, url, query, headers, body } = request;
    const recorded = { method, url, query, headers, body };
    expect({ ...made, headers: { ...made.headers, ...pick(headers, random) } }).toEqual(recorded);
  });

  const forwarded = file.requests.flatMap((request) => {
    return request.forwarded === undefined ? [] : [{ ...request, forwarded: request.forwarded }];
  });

  it.each(forwarded)('still forwards to the byte what the SDK accepted: $name', async (request) => {
    const received = signableRequests(provider).get(request.forwarded);
    if (!received) throw new Error(`There is no sample or variant ${request.forwarded}.`);
    const form = request.name.slice(`${request.forwarded}, forwarded `.length);
    const forward = async () => {
      const now = Date.parse(file.clock);
      const made = (await forwardedRequests(received, { provider, keys, url: request.url, now }))[form];
      if (!made) throw new Error(`Nothing is forwarded ${form}.`);
      return toWritten(made);
    };
    const made = await forward();
    const random = randomHeaders(made, await forward());
    const { method, url, query, headers, body } = request;
    const recorded = { method, url, query, headers, body };
    expect({ ...made, headers: { ...made.headers, ...pick(headers, random) } }).toEqual(recorded);
  });

  const nowOf = ({ arrived = file.clock }: JudgedRequest) => Date.parse(arrived);

  function verdictOn(request: JudgedRequest) {
    const { verify } = definition.signature;
    const context = { secret: keys.verification, now: nowOf(request), settings };
    return verify(toSigned(request), { ...context, ...publishedWith(definition.signature, keys) });
  }

  function deliver(request: JudgedRequest) {
    const { certificate } = definition.signature;
    const fetch = certificate && published(keys.verification);
    const inbox = providerInbox({ provider, keys, publicUrl: request.url, ...(fetch && { fetch }) });
    inbox.clock.now = nowOf(request);
    return inbox.deliver(toSigned(request));
  }
});

function byVerdict({ requests }: JudgedFile, verdict: 'valid' | 'refused'): readonly JudgedRequest[] {
  return requests.filter((request) => (request.verdict === 'valid') === (verdict === 'valid'));
}

/** The headers in which two requests differ that are signed alike. */
function randomHeaders(one: WrittenRequest, other: WrittenRequest) {
  return Object.entries(other.headers).filter(([name, value]) => one.headers[name] !== value);
}

function pick(headers: Readonly<Record<string, string>>, names: readonly (readonly [string, string])[]) {
  return Object.fromEntries(names.map(([name]) => [name, headers[name]]));
}
