import type { Provider, ReadEvent } from '../../lambda/providers/provider.ts';
import { parsePayload } from '../../lambda/receiver/parse-payload.ts';
import type { Verdict } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { signedSample, unsignedSample } from '../../samples/sample.ts';
import { mediaTypeOf, NOTHING_PUBLISHED, SAMPLE_URL } from './sample-context.ts';

/**
 * Tries a provider of one's own with its first sample: the signed one must verify, and have an event with an id, and the
 * unsigned one must not. An asynchronous scheme is not tried, as constructs are synchronous.
 * @param path of the provider in the props, for messages
 * @throws {Error} that says what to change
 */
export function checkSample(path: string, provider: Provider): void {
  const [sample] = Object.values(provider.samples ?? {});
  if (!sample) throw new Error(`${path}: it has no sample. Add samples: { event: { headers, body } }, not signed.`);
  const now = Date.now();
  const settings = exampleSettings(provider);
  const { signing, verification } = provider.signature.generateKeys();
  const verdictOf = (request: SignedRequest) =>
    provider.signature.verify(request, { secret: verification, now, settings, ...NOTHING_PUBLISHED });
  const signed = signedSample({ providerName: path, provider, settings }, { key: signing, url: SAMPLE_URL, now });
  const unsigned = verdictOf(unsignedSample(sample, SAMPLE_URL, now));
  if (unsigned === 'valid') throw new Error(`${path}: its signature accepts a request that is not signed.`);
  if (isWrong(verdictOf(signed))) throw new Error(`${path}: its signature does not verify the sample that it signs.`);
  checkEvents(path, provider, signed, now);
}

const isWrong = (verdict: Verdict | Promise<Verdict>) => !(verdict instanceof Promise) && verdict !== 'valid';

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
