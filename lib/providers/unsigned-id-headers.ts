import type { Provider } from '../../lambda/providers/provider.ts';
import { parsePayload } from '../../lambda/receiver/parse-payload.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { samplesOf, unsignedSample } from '../../samples/sample.ts';
import { mediaTypeOf, NOTHING_PUBLISHED, SAMPLE_URL } from './sample-context.ts';

/**
 * The headers that identify an event although the signature does not cover them: with another value of one, a captured
 * request is another event. This is tried with each sample and with an empty object: by a header beside those of the
 * sample, and by a header alone.
 *
 * Empty for a scheme that signs no part of the body, because a captured request can then carry any event, and for an
 * asynchronous scheme, because constructs are synchronous.
 * @param name of the provider
 */
export function unsignedIdHeaders(name: string, provider: Provider): readonly string[] {
  const { eventHeaders, signature } = provider;
  if (eventHeaders.length === 0 || signature.bodyCoverage === 'nothing') return [];
  const { signing, verification } = signature.generateKeys();
  const now = Date.now();
  const context = { now, settings: exampleSettings(provider) };
  const idOf = (request: SignedRequest) => eventIdOf(provider, request, now);
  const isValid = (request: SignedRequest) =>
    signature.verify(request, { ...context, secret: verification, ...NOTHING_PUBLISHED }) === 'valid';
  const signed = unsignedRequests(name, provider, now).map((each) =>
    signature.sign(each, { ...context, key: signing }),
  );
  return eventHeaders.filter((header) =>
    signed
      .flatMap((each) => [each, alone(each, header, eventHeaders)])
      .some((each) => {
        const [one, other] = [withHeader(each, header, 'first'), withHeader(each, header, 'second')];
        return isValid(one) && isValid(other) && idOf(one) !== undefined && idOf(one) !== idOf(other);
      }),
  );
}

/**
 * The warning about such headers: for synthesis, the provider's page and `describe`. None if there are none.
 * @param name of the provider
 */
export function unsignedIdWarning(name: string, provider: Provider): readonly string[] {
  const headers = unsignedIdHeaders(name, provider);
  if (headers.length === 0) return [];
  const { toleranceSeconds } = provider.signature;
  const within = toleranceSeconds === undefined ? '' : `for ${toleranceSeconds} seconds, `;
  const listed = headers.map((header) => `\`${header}\``).join(' or ');
  return [
    `${within}a captured request can be sent again with another value of ${listed}, which is not signed: the event is then stored a second time. If the sender publishes its addresses, set \`allowedCidrs\`. Otherwise, let consumers ignore an event that they have processed already.`,
  ];
}

function unsignedRequests(providerName: string, provider: Provider, now: number): readonly SignedRequest[] {
  const samples = Object.values(samplesOf({ providerName, provider }));
  const requests = samples.map((sample) => unsignedSample(sample, SAMPLE_URL, now));
  return [...requests, ...requests.map((each) => ({ ...each, body: Buffer.from('{}') }))];
}

function withHeader(request: SignedRequest, name: string, value: string): SignedRequest {
  return { ...request, headers: new Map(request.headers).set(name, [value]) };
}

/** The request without the other headers that events are read from. */
function alone(request: SignedRequest, header: string, eventHeaders: readonly string[]): SignedRequest {
  const others = new Set(eventHeaders.filter((each) => each !== header));
  return { ...request, headers: new Map([...request.headers].filter(([name]) => !others.has(name))) };
}

function eventIdOf(provider: Provider, request: SignedRequest, receivedAt: number): string | undefined {
  const mediaType = mediaTypeOf(request);
  const parsed = parsePayload(request.body, { mediaType, formField: provider.formField, hasItems: provider.hasItems });
  if ('unreadable' in parsed) return undefined;
  const [first] = provider.read(parsed, { ...request, mediaType, receivedAt }).events;
  return first && 'event' in first ? first.event.id : undefined;
}
