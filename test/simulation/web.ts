import { currentEnvironment, type ExecutionEnvironment } from './execution-environment.ts';
import type { Network, Refusal } from './network.ts';

/** A fetch of a certificate. */
export interface CertificateFetch {
  readonly url: string;
  readonly caller: ExecutionEnvironment | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What the receiver reaches by `fetch`: the payload bucket, and the hosts of certificates. */
export interface SimulatedWeb {
  readonly fetch: typeof fetch;
  /** The objects of the payload bucket, by key. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly certificateFetches: readonly CertificateFetch[];
  /** Whether an environment has got the certificate of a URL. */
  readonly hasCertificate: (reader: ExecutionEnvironment, url: string) => boolean;
}

/** The URL of the payload bucket. */
export const BUCKET_URL = 'https://payloads.s3.eu-north-1.amazonaws.com';

/** What the web is made of. */
export interface WebOptions {
  readonly network: Network;
  readonly now: () => number;
  /** The certificates by URL, as PEM. */
  readonly certificates: ReadonlyMap<string, string>;
}

/** Makes the web. */
export function simulatedWeb({ network, now, certificates }: WebOptions): SimulatedWeb {
  const objects = new Map<string, Uint8Array>();
  const certificateFetches: CertificateFetch[] = [];
  const got = new Set<string>();

  function putObject(url: string, body: Uint8Array): Response {
    objects.set(url.slice(BUCKET_URL.length + 1), body);
    return new Response('');
  }

  function getCertificate(url: string): Response {
    const pem = certificates.get(url);
    return pem === undefined ? new Response('', { status: 404 }) : new Response(pem);
  }

  async function answer(target: URL | Request | string, init: RequestInit = {}): Promise<Response> {
    const url = target instanceof Request ? target.url : String(target);
    const isBucket = url.startsWith(`${BUCKET_URL}/`);
    const caller = currentEnvironment();
    if (!isBucket) certificateFetches.push({ url, caller, at: now() });
    const response = await network.exchange<Response>({
      service: isBucket ? 'payloads' : 'certificates',
      serve: () => (isBucket ? putObject(url, init.body as Uint8Array) : getCertificate(url)),
      refuse: (refusal) => new Response('<Error></Error>', { status: STATUSES[refusal] }),
      signal: init.signal ?? undefined,
    });
    if (response.ok && caller) got.add(`${caller.id} ${url}`);
    return response;
  }

  return { fetch: answer, objects, certificateFetches, hasCertificate: ({ id }, url) => got.has(`${id} ${url}`) };
}

const STATUSES: Readonly<Record<Refusal, number>> = { broken: 500, unavailable: 503, throttling: 429, denying: 403 };
