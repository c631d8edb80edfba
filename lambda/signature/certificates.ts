import { X509Certificate } from 'node:crypto';
import { type Reading, staleIfErrorCache } from '../cache/stale-if-error-cache.ts';
import { download, type Failure, type Fetch } from './download.ts';
import { type FetchBudget, fetchBudget } from './fetch-budget.ts';

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

/** How long a certificate is used without another fetch, in milliseconds. */
const FRESH_MS = 3600_000;
/** How long a fetch that failed is remembered, in milliseconds; a short time if a genuine message may wait for it. */
const FAILED_MS = 60_000;
const UNAVAILABLE_MS = 2_000;

/**
 * Fetches certificates over HTTPS, without redirects and with bounds on size and time, and caches them. A certificate is
 * fetched again after an hour; while that fails, it is used until it expires. This includes a URL that responds with 404:
 * neither PayPal nor SNS documents that it revokes a certificate in this way. A failed fetch is remembered.
 *
 * Anyone can name a URL, so each host has a {@link fetchBudget} for URLs without a certificate. URLs with one are outside of
 * it: they are fetched once an hour, and once a minute while that fails.
 * @param random from 0 to 1 @default Math.random
 */
export function fetchedCertificates(fetch: Fetch, random: () => number = Math.random): Certificates {
  const cache = staleIfErrorCache<X509Certificate, Failure>();
  const budgets = new Map<string, FetchBudget>();

  function isWithinBudget({ host, href }: URL, now: number): boolean {
    const budget = budgets.get(host) ?? fetchBudget(random);
    budgets.set(host, budget);
    return budget(href, now);
  }

  return {
    get: (request, now) =>
      cache.get(`${request.subject} ${request.url.href}`, now, async (known) => {
        if (!known && !isWithinBudget(request.url, now)) return { failure: 'unavailable', retryAt: now };
        const found = await fetchCertificate(fetch, request, now);
        return typeof found === 'string' ? failed(found, known, now) : fetched(found, now);
      }),
  };
}

function fetched({ certificate, validTo }: FoundCertificate, now: number): Reading<X509Certificate, Failure> {
  return { value: certificate, freshUntil: Math.min(now + FRESH_MS, validTo), usableUntil: validTo };
}

function failed(failure: Failure, known: X509Certificate | undefined, now: number): Reading<X509Certificate, Failure> {
  const isAwaited = failure === 'unavailable' && !known;
  return { failure, retryAt: now + (isAwaited ? UNAVAILABLE_MS : FAILED_MS) };
}

interface FoundCertificate {
  readonly certificate: X509Certificate;
  /** When the first certificate of its chain expires, in epoch milliseconds. */
  readonly validTo: number;
}

async function fetchCertificate(
  fetch: Fetch,
  { url, subject }: CertificateRequest,
  now: number,
): Promise<FoundCertificate | Failure> {
  const pem = await download(fetch, url);
  if (pem === 'refused' || pem === 'unavailable') return pem;
  return validCertificate(pem, subject, now) ?? 'refused';
}

/**
 * The first certificate of a PEM file, if it was issued for the subject, all of the chain is valid now, and each
 * certificate is signed by the next one. If the file holds no intermediates, the TLS connection to the provider's host is
 * the proof.
 */
function validCertificate(pem: string, subject: string, now: number): FoundCertificate | undefined {
  try {
    const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    const chain = Array.from(blocks, ([block]) => new X509Certificate(block));
    const [leaf] = chain;
    const isValid = chain.every((each, index) => isGood(each, chain[index + 1], now));
    if (!leaf?.checkHost(subject) || !isValid) return undefined;
    return { certificate: leaf, validTo: Math.min(...chain.map(({ validTo }) => Date.parse(validTo))) };
  } catch {
    return undefined;
  }
}

function isGood(certificate: X509Certificate, issuer: X509Certificate | undefined, now: number): boolean {
  const isValidNow = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
  if (!isValidNow || !issuer) return isValidNow;
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
