import { custom } from '../../lambda/providers/custom/custom.ts';
import type {
  CustomDefinition,
  CustomEvent,
  CustomSignature,
} from '../../lambda/providers/custom/custom-definition.ts';
import { FORM_TYPE } from '../../lambda/providers/custom/definition-facts.ts';
import { validateCustom } from '../../lambda/providers/custom/validate-custom.ts';
import { jsonValue } from '../../lambda/signature/json-body.ts';
import { readPointer, valueAt } from '../../lambda/signature/json-pointer.ts';
import { onlyValue, type SignedRequest } from '../../lambda/signature/signed-request.ts';
import { type Composition, findComposition, findToken } from './compositions.ts';
import { type Delivery, withUrl } from './delivery.ts';
import { publishedFile } from './published-file.ts';
import { timeIn } from './times.ts';
import type { Tries } from './tries.ts';

/** A custom source that verifies a delivery. */
export interface CustomMatch {
  readonly definition: CustomDefinition;
  readonly isUrlSigned: boolean;
}

/** Finds custom sources for deliveries. */
export interface CustomSources {
  readonly match: (delivery: Delivery) => Promise<CustomMatch | undefined>;
}

/** Finds compositions once for each request and secret, since only the time of arrival is checked again for others. */
export function customSources(tries: Tries): CustomSources {
  const found = new WeakMap<SignedRequest, Map<string, CustomSignature | undefined>>();

  function signatureOf(delivery: Delivery): CustomSignature | undefined {
    const bySecret = found.get(delivery.request) ?? new Map<string, CustomSignature | undefined>();
    found.set(delivery.request, bySecret);
    if (!bySecret.has(delivery.secret)) {
      bySecret.set(delivery.secret, findToken(delivery) ?? findComposition(delivery, tries));
    }
    return bySecret.get(delivery.secret);
  }

  return {
    async match(delivery) {
      const signature = signatureOf(delivery);
      if (!signature) return undefined;
      const definition = { signature, event: eventOf(delivery.request, signature) };
      if (validateCustom(definition).length > 0 || !(await isValid(definition, delivery))) return undefined;
      const isElsewhere = await isValid(definition, withUrl(delivery, 'https://elsewhere.invalid/elsewhere'));
      return { definition, isUrlSigned: !isElsewhere };
    },
  };
}

async function isValid(definition: CustomDefinition, { request, secret, at }: Delivery): Promise<boolean> {
  const { fetch } = publishedFile(undefined);
  const certificates = { get: async () => 'unavailable' as const };
  const { signature } = custom(definition);
  return (await signature.verify(request, { secret, now: at, settings: {}, certificates, fetch })) === 'valid';
}

/** Fields that identify an event, in the order of preference. */
const IDS = ['/event_id', '/eventId', '/id', '/uuid', '/message_id', '/messageId', '/data/id', '/event/id'];
const TYPES = ['/type', '/event_type', '/eventType', '/event/type', '/event', '/action', '/topic', '/kind', '/name'];
const TIMES = ['/created', '/created_at', '/createdAt', '/timestamp', '/occurred_at', '/occurredAt', '/time', '/date'];

/** How the events may be read: a proposal, since one request does not tell which values identify an event. */
function eventOf(request: SignedRequest, signature: CustomSignature): CustomEvent {
  const mediaType = onlyValue(request.headers, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const body = bodyOf(request, mediaType);
  const has = (pointer: string) => ['string', 'number'].includes(typeof valueAt(body, readPointer(pointer) ?? []));
  const id = IDS.find(has);
  const type = TYPES.find(has);
  const time = TIMES.find((pointer) => has(pointer) && timeAt(body, pointer) !== undefined);
  const format = time === undefined ? undefined : timeAt(body, time)?.format;
  return {
    id: id === undefined ? (signedId(signature) ?? { hash: 'body' }) : { pointer: id },
    ...(type !== undefined && { type: { pointer: type } }),
    ...(time !== undefined && format !== undefined && { time: { pointer: time, format } }),
    ...(MEDIA_TYPE.test(mediaType) && mediaType !== 'application/json' && { contentTypes: [mediaType] }),
  };
}

const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

const timeAt = (body: unknown, pointer: string) => timeIn(String(valueAt(body, readPointer(pointer) ?? [])));

function bodyOf({ body }: SignedRequest, mediaType: string): unknown {
  return mediaType === FORM_TYPE ? Object.fromEntries(new URLSearchParams(body.toString())) : jsonValue(body);
}

const signedId = (signature: CustomSignature) => (signature as Composition).id;
