import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { listen, readBytes } from '../../cli/local/http.ts';
import type { SigningConfig } from '../../lambda/payloads/s3-request.ts';

/** A request that does not get the usual response. */
type Fault = (response: ServerResponse) => void;

/** A server on loopback that stores objects as S3 does, if their request is signed correctly. */
export interface S3Endpoint extends AsyncDisposable {
  readonly endpoint: string;
  /** By path, which begins with the bucket's name. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** The requests, faulty ones included, as method and path. */
  readonly requests: readonly string[];
  /** The faults of the next requests, in order. */
  readonly faults: Fault[];
}

/** An error in S3's words. */
export const s3Fault =
  (status: number, code: string): Fault =>
  (response) => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message></Error>`;
    response.writeHead(status, { 'Content-Type': 'application/xml' }).end(xml);
  };

/**
 * Starts the server.
 * @param config the credentials and the region that requests must be signed with
 */
export async function startS3Endpoint(config: SigningConfig): Promise<S3Endpoint> {
  const objects = new Map<string, Buffer>();
  const requests: string[] = [];
  const faults: Fault[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const body = (await readBytes(request, 10_000_000)) ?? Buffer.alloc(0);
    requests.push(`${method} ${url}`);
    const fault = faults.shift();
    if (fault) return fault(response);
    if (method !== 'PUT' || !(await isSigned(request, body, config)))
      return s3Fault(403, 'SignatureDoesNotMatch')(response);
    objects.set(url, body);
    response.writeHead(200, { ETag: '"etag"' }).end();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const endpoint = await listen(server, 0);
  return {
    endpoint,
    objects,
    requests,
    faults,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Signs what arrived once more, with the SDK's signer, and compares. */
async function isSigned({ method = '', url = '', headers }: IncomingMessage, body: Buffer, config: SigningConfig) {
  const { authorization = '', 'x-amz-date': date } = headers;
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const signed = names.split(';').map((name): [string, string] => [name, String(headers[name])]);
  const isWhole = ['host', 'x-amz-date', 'x-amz-content-sha256'].every((name) => names.split(';').includes(name));
  const isBodySigned = headers['x-amz-content-sha256'] === createHash('sha256').update(body).digest('hex');
  if (!isWhole || !isBodySigned) return false;
  const signer = new SignatureV4({ ...config, service: 's3', uriEscapePath: false });
  const { hostname } = new URL(`http://${headers.host}`);
  const request = { method, protocol: 'http:', hostname, path: url, headers: Object.fromEntries(signed), body };
  const again = await signer.sign(request, { signingDate: toDate(String(date)) });
  return again.headers.authorization === authorization;
}

/** @param text such as `20260301T120000Z` */
const toDate = (text: string) => new Date(text.replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z'));
