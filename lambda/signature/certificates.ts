import { X509Certificate } from 'node:crypto';

/** Which certificate to get. */
export interface CertificateRequest {
  readonly url: URL;
  /** The host that the certificate must have been issued for. */
  readonly subject: string;
}

/** A source of certificates. */
export interface Certificates {
  /**
   * Gets the certificate at a URL. The caller has made sure that its host belongs to the provider.
   * @param now epoch milliseconds
   * @returns `refused` if there is no valid certificate of the subject at the URL
   */
  readonly get: (request: CertificateRequest, now: number) => Promise<X509Certificate | 'refused' | 'unavailable'>;
}

/** Sends a request: the `fetch` of Node.js, except in tests. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 1_000;
/** How long a certificate is kept, in milliseconds. */
const KEEP_MS = 3600_000;
/** The bounds on kept certificates, and on fetches per minute, which forged messages could cause without an end. */
const MAX_KEPT = 20;
const MAX_FETCHES_A_MINUTE = 10;

/** Fetches certificates over HTTPS, without redirects and with bounds on size and time, and keeps them. */
export function fetchedCertificates(fetch: Fetch): Certificates {
  const kept = new Map<string, { readonly pem: string; readonly until: number }>();
  let fetches: number[] = [];

  async function pemAt(url: URL, now: number): Promise<string | 'refused' | 'unavailable'> {
    const entry = kept.get(url.href);
    if (entry && now < entry.until) return entry.pem;
    fetches = fetches.filter((at) => now - at < 60_000);
    if (fetches.length >= MAX_FETCHES_A_MINUTE) return 'unavailable';
    fetches.push(now);
    const pem = await download(fetch, url);
    if (pem === 'unavailable' || pem === 'refused') return pem;
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(url.href, { pem, until: now + KEEP_MS });
    return pem;
  }

  return {
    async get({ url, subject }, now) {
      const pem = await pemAt(url, now);
      if (pem === 'refused' || pem === 'unavailable') return pem;
      return validCertificate(pem, subject, now) ?? 'refused';
    },
  };
}

async function download(fetch: Fetch, url: URL): Promise<string | 'refused' | 'unavailable'> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return response.status < 500 ? 'refused' : 'unavailable';
    return (await readAtMost(response, MAX_BYTES)) ?? 'refused';
  } catch {
    return 'unavailable';
  }
}

async function readAtMost(response: Response, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * The first certificate of a PEM file, if it was issued for the subject, all of the chain is valid now, and each
 * certificate is signed by the next one. If the file holds no intermediates, the TLS connection to the provider's host is
 * the proof.
 */
function validCertificate(pem: string, subject: string, now: number): X509Certificate | undefined {
  try {
    const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    const chain = Array.from(blocks, ([block]) => new X509Certificate(block));
    const [leaf] = chain;
    return leaf?.checkHost(subject) && chain.every((each, index) => isGood(each, chain[index + 1], now))
      ? leaf
      : undefined;
  } catch {
    return undefined;
  }
}

function isGood(certificate: X509Certificate, issuer: X509Certificate | undefined, now: number): boolean {
  const isValidNow = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
  if (!isValidNow || !issuer) return isValidNow;
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
