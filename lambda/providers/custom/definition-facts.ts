import type {
  CustomDefinition,
  CustomEvent,
  CustomHandshake,
  EventValue,
  SignatureInBody,
} from './custom-definition.ts';

/** The media type of a form. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Whether a handshake reads the body, which is parsed only after its signature is verified. */
export function readsContent({ when = [], challenge }: CustomHandshake): boolean {
  return [...when, ...(challenge ? [challenge] : [])].some((place) => 'pointer' in place);
}

/** Whether the sender signs a handshake. */
export function isSignedHandshake({ method, signed = method === 'POST' }: CustomHandshake): boolean {
  return signed;
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

/** Whether the signature covers a header. */
export function isSignedHeader({ signature }: CustomDefinition, name: string): boolean {
  if (!isTemplated(signature)) return false;
  const { content = '{body}', id } = signature;
  const key = name.toLowerCase();
  return id?.header.toLowerCase() === key || content.toLowerCase().includes(`{header:${key}}`);
}

/** Whether the signature covers the time of the events. */
export function isTimeSigned(definition: CustomDefinition): boolean {
  const { signature, event } = definition;
  if (!event.time || !(signature.algorithm === 'jwt' || isTemplated(signature))) return false;
  return 'header' in event.time ? isSignedHeader(definition, event.time.header) : true;
}

type Templated = Exclude<
  CustomDefinition['signature'],
  { readonly algorithm: 'token' | 'basic' | 'jwt' } | SignatureInBody
>;

/** Whether a signature is in headers, and covers a template. */
function isTemplated(signature: CustomDefinition['signature']): signature is Templated {
  return !['token', 'basic', 'jwt'].includes(signature.algorithm) && 'header' in signature;
}
