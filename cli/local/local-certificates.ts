import { createPrivateKey, createPublicKey } from 'node:crypto';
import { generate } from 'selfsigned';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import type { Fetch } from '../../lambda/signature/download.ts';
import { keySetOf } from '../../lambda/signature/key-set.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import { generatedKeys } from './local-keys.ts';

/**
 * Replaces `fetch`, so that no request leaves this machine. A request for a provider's certificate or public keys gets one
 * for the key that signs the source's samples; every other request gets an empty 200.
 */
export function localFetch(sources: Sources, keysOf: (source: Source) => SigningKeys = generatedKeys): Fetch {
  const issued = new Map<string, Promise<string>>();
  return async (url) => {
    const publishers = [...sources.values()].filter(({ provider }) => provider.signature.keySetHost === url.hostname);
    const keys = publishers.map((source) => createPrivateKey(keysOf(source).signing));
    if (keys.length > 0) return new Response(keySetOf(...keys));
    if (!url.pathname.endsWith('.pem') && !url.pathname.includes('/certs/')) return new Response('');
    const source = [...sources.values()].find(({ provider }) =>
      provider.signature.certificate?.hosts.test(url.hostname),
    );
    const [subject] = source?.provider.signature.certificate?.subjects(source.settings) ?? [];
    if (!source || !subject) return new Response('', { status: 404 });
    const pem = issued.get(source.name) ?? certificateFor(subject, keysOf(source).signing);
    issued.set(source.name, pem);
    return new Response(await pem);
  };
}

/** Wide enough for the clock of any test. */
const VALIDITY = { notBeforeDate: new Date('2000-01-01T00:00:00Z'), notAfterDate: new Date('2049-01-01T00:00:00Z') };

async function certificateFor(subject: string, privateKey: string): Promise<string> {
  const publicKey = createPublicKey(createPrivateKey(privateKey)).export({ format: 'pem', type: 'spki' }).toString();
  const { cert } = await generate([{ name: 'commonName', value: subject }], {
    keyPair: { privateKey, publicKey },
    ...VALIDITY,
  });
  return cert;
}
