import type { Report } from '../../lambda/telemetry/delivery-report.ts';
import { generateHandshakeKeyPair, type HandshakeKeyPair } from '../operate/handshake/handshake-key-pair.ts';

/** The handshakes of a local inbox that hand out secrets. */
export interface LocalHandshakes {
  /** The key for which the receiver seals the secrets. */
  readonly key: () => Promise<string>;
  /** Opens the secret of a delivery. */
  readonly report: Report;
}

/**
 * Opens the secrets that handshakes hand out: this machine is the operator's. The key is generated when it is first
 * needed, because that takes a while.
 * @param handedOut called with each secret
 */
export function localHandshakes(handedOut?: (source: string, secret: string) => void): LocalHandshakes {
  let generating: Promise<HandshakeKeyPair> | undefined;
  let pair: HandshakeKeyPair | undefined;
  return {
    async key() {
      generating ??= generateHandshakeKeyPair();
      pair = await generating;
      return pair.publicKey;
    },
    report({ source, sealedSecret }) {
      const secret = sealedSecret && pair?.open(sealedSecret);
      if (source && secret) handedOut?.(source, secret);
    },
  };
}
