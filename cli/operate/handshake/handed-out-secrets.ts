import type { Delivery } from '../../deliveries/delivery-log.ts';
import type { HandshakeKeyPair } from './handshake-key-pair.ts';

/** A secret that came with a handshake. Anyone may have sent it. */
export interface HandedOutSecret {
  /** From 1 on, in the order of arrival. It never changes. */
  readonly number: number;
  readonly secret: string;
  readonly delivery: Delivery;
}

/** What a handshake was to the command that waits. */
export type Handshake =
  | { readonly kind: 'new'; readonly handedOut: HandedOutSecret }
  /** With a secret that is listed already. */
  | { readonly kind: 'repeated'; readonly number: number }
  /** The receiver had not read the key of this command yet. */
  | { readonly kind: 'unsealed' }
  /** Sealed for the key of another command. */
  | { readonly kind: 'of another key' }
  /** There are too many secrets to list. */
  | { readonly kind: 'too many' };

/** The most secrets that are listed: a stranger may send any number of them. */
export const MAX_LISTED = 20;

/** Opens what handshakes handed out, and lists the secrets. */
export function handedOutSecrets({ open }: HandshakeKeyPair) {
  const listed: HandedOutSecret[] = [];
  return {
    /** The secret with a number. */
    numbered: (number: number): string | undefined => listed.find((each) => each.number === number)?.secret,
    read(delivery: Delivery): Handshake {
      if (delivery.sealedSecret === undefined) return { kind: 'unsealed' };
      const secret = open(delivery.sealedSecret);
      if (secret === undefined) return { kind: 'of another key' };
      const known = listed.find((each) => each.secret === secret);
      if (known) return { kind: 'repeated', number: known.number };
      if (listed.length === MAX_LISTED) return { kind: 'too many' };
      const handedOut = { number: listed.length + 1, secret, delivery };
      listed.push(handedOut);
      return { kind: 'new', handedOut };
    },
  };
}
