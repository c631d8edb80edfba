import type {
  CustomDefinition,
  CustomEvent,
  CustomHandshake,
  CustomSignature,
  EventValue,
  HmacOptions,
  JwtSignature,
  TokenInHeader,
} from './custom-definition.ts';

/** The media type of a form. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Whether a handshake reads the body, which is parsed only after its signature is verified. */
export function readsContent({ when = [], challenge }: CustomHandshake): boolean {
  return [...when, ...(challenge ? [challenge] : [])].some((place) => 'pointer' in place);
}

/** Whether the sender signs a handshake. None is before its secret is known. */
export function isSignedHandshake({ method, secret = false, signed = method === 'POST' }: CustomHandshake): boolean {
  return signed && !secret;
}

/** Whether an answer has an HMAC of text that the caller of the handshake chooses. */
export function signsChallenges(handshakes: readonly CustomHandshake[]): boolean {
  return JSON.stringify(handshakes.map(({ answer }) => answer)).includes('{hmac}');
}

/** The places that an event is read from, each with its path in the definition. */
export function placesOf({ id, type = [], time, data = {} }: CustomEvent): readonly (readonly [string, EventValue])[] {
  return [
    ...('hash' in id ? [] : listed('event.id', id)),
    ...listed('event.type', type),
    ...(time ? [['event.time', time] as const] : []),
    ...Object.entries(data).map(([name, place]) => [`event.data.${name}`, place] as const),
  ];
}

function listed(path: string, places: EventValue | readonly EventValue[]) {
  if (!Array.isArray(places)) return [[path, places as EventValue] as const];
  return places.map((place, index) => [`${path}[${index}]`, place] as const);
}

/** A signature over the bytes that a template names, in headers. */
export type TemplateSignature = Exclude<
  Extract<CustomSignature, { readonly header: unknown }>,
  JwtSignature | TokenInHeader
>;

/** Whether a signature is an HMAC, in headers or in the body. */
export function isHmac(signature: CustomSignature): signature is Extract<CustomSignature, HmacOptions> {
  return signature.algorithm.startsWith('hmac-');
}

/** Whether a request holds the secret itself, instead of a signature. */
export function holdsSecret({ algorithm }: CustomSignature): boolean {
  return algorithm === 'token' || algorithm === 'basic';
}

/** Whether a signature is over the bytes that a template names, in headers. */
export function isOfTemplate(signature: CustomSignature): signature is TemplateSignature {
  return 'header' in signature && !holdsSecret(signature) && signature.algorithm !== 'jwt';
}

/** Whether the signature covers a header. */
export function isSignedHeader({ signature }: CustomDefinition, name: string): boolean {
  if (!isOfTemplate(signature)) return false;
  const { content = '{body}', id } = signature;
  const key = name.toLowerCase();
  return id?.header.toLowerCase() === key || content.toLowerCase().includes(`{header:${key}}`);
}

/** Whether the signature covers the whole body. */
function coversBody(signature: CustomSignature): boolean {
  return signature.algorithm === 'jwt' ? signature.bodyHash !== undefined : isOfTemplate(signature);
}

/** Whether the signature covers the time of the events. */
export function isTimeSigned(definition: CustomDefinition): boolean {
  const { signature, event } = definition;
  if (!event.time || !coversBody(signature)) return false;
  return 'header' in event.time ? isSignedHeader(definition, event.time.header) : true;
}

/** Whether a time of transmission is signed, which bounds how long a captured request stays valid. */
export function isTransmissionTimed(signature: CustomSignature): boolean {
  if (signature.algorithm === 'jwt') return (signature.toleranceSeconds ?? signature.lifetimeSeconds) !== undefined;
  return 'timestamp' in signature && signature.timestamp !== undefined;
}
