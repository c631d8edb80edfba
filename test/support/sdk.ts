import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { providerInbox } from './provider-inbox.ts';
import { inboxStatusOf, statusOf, tampered } from './provider-requests.ts';
import { readVector } from './vectors.ts';

/** A provider's own SDK: as the sender, if it can sign, and as the receiver. */
export interface Sdk {
  readonly provider: ProviderName;
  /** The name of a variant in the provider's vector. @default its sample */
  readonly variant?: string;
  /** Replaces our signature with the SDK's. */
  readonly sign?: (request: SignedRequest, secret: string) => SignedRequest | Promise<SignedRequest>;
  /** Throws or returns `false` if the SDK rejects the request. */
  readonly verify: (request: SignedRequest, secret: string) => unknown;
}

/** The headers of a request with one value each, as most SDKs want them. */
export const singleHeaders = ({ headers }: SignedRequest): Record<string, string> =>
  Object.fromEntries([...headers].map(([name, [value = '']]) => [name, value]));

/** Holds our signatures against the SDK's, in both directions. */
export function describeSdk(title: string, sdk: Sdk): void {
  describe(title, () => {
    it('that we sign is accepted by the SDK and by us, and with one byte changed by neither', async () => {
      const { inbox, keys, signed } = open(sdk);
      expect(await isAccepted(sdk, signed, keys.verification)).toBe(true);
      expect(await isAccepted(sdk, tampered(signed), keys.verification)).toBe(false);
      expect(await statusOf(inbox.deliver(tampered(signed)))).toBe(401);
      expect(await inboxStatusOf(inbox.deliver(signed))).toBe('processed');
    });

    if (!sdk.sign) return;
    const { sign } = sdk;

    it('that the SDK signs is accepted by us, and with one byte changed it is rejected', async () => {
      const { inbox, keys, signed } = open(sdk);
      const signedBySdk = await sign(signed, keys.signing);
      expect(await statusOf(inbox.deliver(tampered(signedBySdk)))).toBe(401);
      expect(await inboxStatusOf(inbox.deliver(signedBySdk))).toBe('processed');
    });
  });
}

/** The SDKs hold the time against the machine's clock, so this inbox does too. */
function open({ provider, variant }: Sdk) {
  const keys = providers[provider]().signature.generateKeys();
  const inbox = providerInbox({ provider, keys });
  inbox.clock.now = Date.now();
  const { sample, variants = [] } = readVector(provider);
  const request = variant === undefined ? sample : variants.find(({ name }) => name === variant);
  if (!request) throw new Error(`test/vectors/${provider}.json has no such variant`);
  return { inbox, keys, signed: inbox.sign(request) };
}

async function isAccepted({ verify }: Sdk, request: SignedRequest, secret: string): Promise<boolean> {
  try {
    return (await verify(request, secret)) !== false;
  } catch {
    return false;
  }
}
