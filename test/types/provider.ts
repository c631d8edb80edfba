// `npm run typecheck` fails where a provider that cannot verify compiles.
import * as v from 'valibot';
import { defineProvider, type ProviderDefinition } from '../../lambda/providers/define-provider.ts';
import { inHeaders } from '../../lambda/signature/carrier.ts';
import { hmac } from '../../lambda/signature/hmac.ts';
import { signedBy } from '../../lambda/signature/signed-by.ts';

const { signature, ...unsigned } = complete();

export const verifying = () => defineProvider({ ...unsigned, signature });

// @ts-expect-error A provider has a signature scheme.
export const withoutScheme = () => defineProvider(unsigned);

const { verify: _, ...signingOnly } = signature;
// @ts-expect-error A signature scheme verifies.
export const withoutVerifier = () => defineProvider({ ...unsigned, signature: signingOnly });

// @ts-expect-error A verifier returns a verdict.
export const acceptingAll = () => defineProvider({ ...unsigned, signature: { ...signature, verify: () => true } });

function complete() {
  const schema = v.object({ id: v.string() });
  return {
    title: 'Lighthouse',
    documentation: 'https://lighthouse.example/docs',
    signature: signedBy({ carrier: inHeaders({ signature: 'x-signature' }), algorithm: hmac({ encoding: 'hex' }) }),
    eventIdLabel: 'id',
    immutable: true,
    schema,
    event: ({ id }) => ({ id, data: {} }),
  } satisfies ProviderDefinition<typeof schema, Record<never, never>>;
}
