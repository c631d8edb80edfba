import { createPrivateKey } from 'node:crypto';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import type { Fetch } from '../../lambda/signature/download.ts';
import { issueCertificate, pemOf } from '../../lambda/signature/issue-certificate.ts';
import { keySetOf } from '../../lambda/signature/key-set.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import { generatedKeys } from './local-keys.ts';

/**
 * Replaces `fetch`, so that no request leaves this machine. A request for a provider's certificate or public keys gets one
 * for the key that signs the source's samples; every other request gets an empty 200.
 */
export function localFetch(sources: Sources, keysOf: (source: Source) => SigningKeys = generatedKeys): Fetch {
  const issued = new Map<string, string>();
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
    return new Response(pem);
  };
}

const certificateFor = (subject: string, signingKey: string) =>
  pemOf(issueCertificate({ name: subject, privateKey: createPrivateKey(signingKey) }));
