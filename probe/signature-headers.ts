import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import { withBody } from './place.ts';
import { newEvent, type Sender } from './sender.ts';

/** The headers of a signature. Names are in lower case. */
export interface SignatureHeaders {
  /** The header whose value depends on the key; undefined if there is none. */
  readonly signature: string | undefined;
  /** Every header that signing adds or changes. */
  readonly all: readonly string[];
  /** Those whose value depends on the key alone: such a token is as confidential as the key. */
  readonly tokens: readonly string[];
  /** Whether the body or the query string depends on the key. */
  readonly isElsewhere: boolean;
}

/** A time after which a signed time differs, in milliseconds. */
const LATER_MS = 60_000;

/** Finds the headers of a signature: signs one request with two keys, and another request with the first key. */
export function signatureHeadersOf(sender: Sender): SignatureHeaders {
  const now = Date.now();
  const unsigned = sender.sample(now);
  const key = sender.generateKey();
  const [one, other] = [sender.sign(unsigned, key, now), sender.sign(unsigned, sender.generateKey(), now)];
  const another = sender.sign(anotherRequest(sender, now + LATER_MS), key, now + LATER_MS);
  const names = [...one.headers.keys()];
  const ofKey = names.filter((name) => valueIn(one, name) !== valueIn(other, name)).toSorted(bySignature);
  return {
    signature: ofKey[0],
    all: names.filter((name) => valueIn(one, name) !== valueIn(unsigned, name)),
    tokens: ofKey.filter((name) => valueIn(one, name) === valueIn(another, name)),
    isElsewhere: !one.body.equals(other.body) || String(one.query) !== String(other.query),
  };
}

/** A sample may have no id that can change, but its body can have one more line end. */
function anotherRequest(sender: Sender, at: number): SignedRequest {
  const event = newEvent(sender, at);
  return withBody(event, `${event.body}\n`);
}

const valueIn = ({ headers }: SignedRequest, name: string) => headers.get(name)?.join();

/** Prefers a header with `sig` in its name if several depend on the key. */
const bySignature = (one: string, other: string) => Number(/sig/.test(other)) - Number(/sig/.test(one));
