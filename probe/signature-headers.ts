import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import type { Sender } from './sender.ts';

/** Names of the headers of a signature, in lower case. */
export interface SignatureHeaders {
  /** The header whose value depends on the key; undefined if the signature is in the body. */
  readonly signature: string | undefined;
  /** Every header that signing adds or changes. */
  readonly all: readonly string[];
}

/** Finds the headers of a signature by signing one request with two keys. */
export function signatureHeadersOf(sender: Sender): SignatureHeaders {
  const now = Date.now();
  const unsigned = sender.sample(now);
  const [one, other] = [
    sender.sign(unsigned, sender.generateKey(), now),
    sender.sign(unsigned, sender.generateKey(), now),
  ];
  const valueIn = ({ headers }: SignedRequest, name: string) => headers.get(name)?.join();
  const names = [...one.headers.keys()];
  const [signature] = names.filter((name) => valueIn(one, name) !== valueIn(other, name)).toSorted(bySignature);
  return { signature, all: names.filter((name) => valueIn(one, name) !== valueIn(unsigned, name)) };
}

/** Prefers a header with `sig` in its name if several depend on the key. */
const bySignature = (one: string, other: string) => Number(/sig/.test(other)) - Number(/sig/.test(one));
