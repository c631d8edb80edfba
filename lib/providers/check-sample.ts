import type { Provider, ReadEvent } from '../../lambda/providers/provider.ts';
import { parsePayload } from '../../lambda/receiver/parse-payload.ts';
import type { Verdict } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { signedSample, unsignedSample } from '../../samples/sample.ts';
import { mediaTypeOf, NOTHING_PUBLISHED, SAMPLE_URL } from './sample-context.ts';
import { type ProviderCode, verifyInWorker, type WorkerVerification } from './verify-in-worker.ts';

/**
 * Tries a provider of one's own with its first sample: the signed one must verify, and have an event with an id, and the
 * unsigned one must not.
 * @param path of the provider in the props, for messages
 * @param code of the provider, which is verified in another thread if its scheme is asynchronous. @default - such a scheme is
 * not tried
 * @returns whether the signature was tried: it cannot be if the sender publishes its keys, as synthesis opens no connection
 * @throws {Error} that says what to change
 */
export function checkSample(path: string, provider: Provider, code?: ProviderCode): boolean {
  const [sample] = Object.values(provider.samples ?? {});
  if (!sample) throw new Error(`${path}: it has no sample. Add samples: { event: { headers, body } }, not signed.`);
  const now = Date.now();
  const settings = exampleSettings(provider);
  const { signing, verification: secret } = provider.signature.generateKeys();
  const signed = signedSample({ providerName: path, provider, settings }, { key: signing, url: SAMPLE_URL, now });
  const requests = [unsignedSample(sample, SAMPLE_URL, now), signed];
  const [ofUnsigned, ofSigned] = verdictsOn(requests, {
    path,
    provider,
    code,
    verification: { secret, now, settings },
  });
  if (ofUnsigned === 'valid') throw new Error(`${path}: its signature accepts a request that is not signed.`);
  const isTried = ofSigned !== undefined && ofSigned !== 'certificate_unavailable';
  if (isTried && ofSigned !== 'valid')
    throw new Error(`${path}: its signature does not verify the sample that it signs: ${ofSigned}.`);
  checkEvents(path, provider, signed, now);
  return isTried;
}

interface Trial {
  readonly path: string;
  readonly provider: Provider;
  readonly code: ProviderCode | undefined;
  readonly verification: WorkerVerification;
}

/** The verdict on each request; none if the scheme is asynchronous and its code is unknown. */
function verdictsOn(requests: readonly SignedRequest[], trial: Trial): readonly Verdict[] {
  const { path, provider, code, verification } = trial;
  try {
    const verdicts = requests.map((each) => provider.signature.verify(each, { ...verification, ...NOTHING_PUBLISHED }));
    if (verdicts.every(isVerdict)) return verdicts;
    // The worker reports a failure.
    void Promise.allSettled(verdicts);
    return code ? verifyInWorker(code, requests, verification) : [];
  } catch (error) {
    throw new Error(`${path}: its signature fails: ${(error as Error).message}.`, { cause: error });
  }
}

const isVerdict = (verdict: Verdict | Promise<Verdict>): verdict is Verdict => typeof verdict === 'string';

function checkEvents(path: string, provider: Provider, request: SignedRequest, now: number): void {
  const mediaType = mediaTypeOf(request);
  if (!provider.contentTypes.includes(mediaType)) {
    throw new Error(
      `${path}: the sample's content type "${mediaType}" is none of ${provider.contentTypes.join(', ')}.`,
    );
  }
  const { formField, hasItems } = provider;
  const parsed = parsePayload(request.body, { mediaType, formField, hasItems });
  if ('unreadable' in parsed) throw new Error(`${path}: the sample's body cannot be parsed: ${parsed.unreadable}.`);
  const { events } = provider.read(parsed, { ...request, mediaType, receivedAt: now });
  if (events.length === 0) throw new Error(`${path}: no event is read from the sample.`);
  for (const each of events) checkEvent(path, each);
}

function checkEvent(path: string, event: ReadEvent): void {
  if ('issues' in event) {
    const issues = event.issues.map(({ path: at, expected }) => `${at || 'the event'}: expected ${expected}`);
    throw new Error(`${path}: the schema rejects the sample: ${issues.join('; ')}.`);
  }
  if (!event.event.id) throw new Error(`${path}: the event of the sample has no id.`);
}
