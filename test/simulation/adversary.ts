import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { toProxyEvent } from '../support/provider-inbox.ts';
import { tampered } from '../support/provider-requests.ts';
import { count } from './ledger.ts';
import type { PlannedFlood } from './plan.ts';
import { unsigned, withCertificateUrl } from './sent-event.ts';
import type { SimulatedSource } from './simulated-source.ts';
import { violate, type World } from './world.ts';

/** Sends forged requests in a row, without waiting for their answers. */
export async function flood(world: World, { target, requests, everyMs }: PlannedFlood): Promise<void> {
  const forge = world.random.pick(target.certificates.length > 0 ? CERTIFIED_FORGERIES : FORGERIES);
  const forged = forge(world, target);
  for (let index = 0; index < requests; index += 1) {
    world.start(() => send(world, target, forged(index)));
    await world.clock.sleep(everyMs);
  }
}

async function send(world: World, { name }: SimulatedSource, request: SignedRequest): Promise<void> {
  count(world.ledger, 'forgeries');
  const { result } = await world.receiver.invoke(toProxyEvent(name, request));
  if (result && result.statusCode < 300) violate(world, 'nothing forged is stored or forwarded', `${name} accepts it`);
  if (result?.statusCode === 500) violate(world, 'no defect is answered', `a forgery to ${name}`);
}

/** Makes the forged request of an index. */
type Forge = (world: World, target: SimulatedSource) => (index: number) => SignedRequest;

const foreignKeys = new Map<string, SigningKeys>();

/** Signed with the attacker's own key. */
const withForeignKey: Forge = ({ clock }, target) => {
  const { signature } = target.source.provider;
  const keys = foreignKeys.get(target.name) ?? signature.generateKeys();
  foreignKeys.set(target.name, keys);
  const request = forgedBody(target, clock.now());
  const signed = signature.sign(request, { key: keys.signing, now: clock.now(), settings: target.source.settings });
  return () => signed;
};

const withoutSignature: Forge = ({ clock }, target) => {
  const request = forgedBody(target, clock.now());
  return () => request;
};

/** A genuine request with another body. */
const withChangedBody: Forge = (world, target) => {
  const { ledger, clock } = world;
  const captured = ledger.events.findLast(({ from, attempts }) => from === target && attempts.length > 0);
  const request = captured?.attempts.at(-1)?.request;
  const isCovered = target.source.provider.signature.bodyCoverage === 'bytes';
  if (!request || !isCovered) return withForeignKey(world, target);
  const changed = tampered(request);
  return () => ({ ...changed, headers: new Map(changed.headers).set('x-sent', [`${clock.now()}`]) });
};

const FORGERIES: readonly Forge[] = [withForeignKey, withForeignKey, withoutSignature, withChangedBody];

/** Names a certificate on the provider's host, where there is none. */
function unknownCertificate({ clock, random }: World, target: SimulatedSource): () => SignedRequest {
  const certificate = target.certificates[0]?.certificate;
  const { signature, settings } = { ...target.source.provider, ...target.source };
  const signing = { key: certificate?.key ?? '', now: clock.now(), settings };
  const signed = signature.sign(forgedBody(target, clock.now()), signing);
  const digits = () => Array.from({ length: 32 }, () => random.integer(0, 9)).join('');
  return () => withCertificateUrl(signed, (certificate?.url ?? '').replace(/\d{8,}/, digits));
}

const withUnknownCertificates: Forge = unknownCertificate;

const withOneUnknownCertificate: Forge = (world, target) => {
  const request = unknownCertificate(world, target)();
  return () => request;
};

const CERTIFIED_FORGERIES: readonly Forge[] = [withUnknownCertificates, withOneUnknownCertificate];

function forgedBody(from: SimulatedSource, now: number): SignedRequest {
  return unsigned({ from, seed: `forged ${now}`, createdAt: now, kind: 'usual' }, now);
}

/** Sends a captured request again, byte by byte: the last one, or any other. */
export async function replay(world: World): Promise<void> {
  const { ledger, random, receiver } = world;
  const attempts = ledger.events.flatMap((event) => event.attempts);
  const last = attempts.toSorted((one, other) => one.sentAt - other.sentAt).at(-1);
  if (!last) return;
  const { request, event } = random.chance(0.5) ? last : random.pick(attempts);
  count(ledger, 'replays');
  const { result } = await receiver.invoke(toProxyEvent(event.from.name, request));
  if (result?.statusCode === 500) violate(world, 'no defect is answered', `a replay to ${event.from.name}`);
}
