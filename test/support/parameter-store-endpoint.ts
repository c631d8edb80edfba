import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { listen, readBytes } from '../../cli/local/http.ts';
import type { SigningConfig } from '../../lambda/secrets/parameter-store-api.ts';

/** What a read of a parameter gets instead of it. */
type Fault = { readonly status: number; readonly error: string; readonly once?: boolean } | 'silence';

/** A server on loopback that has parameters as Systems Manager does, for requests that are signed correctly. */
export interface ParameterStoreEndpoint extends AsyncDisposable {
  readonly endpoint: string;
  /** Every call so far. */
  readonly calls: readonly (readonly [operation: string, input: unknown])[];
  /** Faults by the name in the request. */
  readonly faults: Map<string, Fault>;
  /** Stores a version; `at` is in epoch milliseconds. */
  readonly put: (name: string, value: string, at: number) => void;
}

interface Version {
  readonly Value: string;
  readonly LastModifiedDate: number;
}

/**
 * Starts the server.
 * @param config the credentials and the region that requests must be signed with
 */
export async function startParameterStore(config: SigningConfig): Promise<ParameterStoreEndpoint> {
  const parameters = new Map<string, Version[]>();
  const calls: [string, unknown][] = [];
  const faults = new Map<string, Fault>();

  async function answer(request: IncomingMessage): Promise<readonly [number, object] | undefined> {
    const body = String(await readBytes(request, 10_000));
    const input: { readonly Name: string } = JSON.parse(body);
    calls.push([String(request.headers['x-amz-target']).replace('AmazonSSM.', ''), input]);
    if (!(await isSigned(request, body, config))) return refusal('InvalidSignatureException');
    const fault = faults.get(input.Name);
    if (fault === 'silence') return undefined;
    if (fault?.once) faults.delete(input.Name);
    if (fault) return refusal(fault.error, fault.status);
    return getParameter(input.Name);
  }

  function getParameter(id: string): readonly [number, object] {
    const [name = '', version] = id.split(':');
    const versions = parameters.get(name);
    if (!versions) return refusal('ParameterNotFound');
    const number = Number(version ?? versions.length);
    const found = versions[number - 1];
    return found
      ? [200, { Parameter: { Name: name, Version: number, ...found } }]
      : refusal('ParameterVersionNotFound');
  }

  const server = createServer(async (request, response) => {
    const [status, body] = (await answer(request)) ?? [];
    if (status) response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  const endpoint = await listen(server, 0);
  return {
    endpoint,
    calls,
    faults,
    put(name, Value, at) {
      parameters.set(name, [...(parameters.get(name) ?? []), { Value, LastModifiedDate: at / 1000 }]);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const refusal = (error: string, status = 400): readonly [number, object] => [
  status,
  { __type: `com.amazonaws.ssm#${error}`, message: 'no' },
];

/** Signs what arrived once more, with the SDK's signer, and compares. */
async function isSigned({ headers }: IncomingMessage, body: string, config: SigningConfig): Promise<boolean> {
  const { authorization = '', 'x-amz-date': date } = headers;
  const [, list = ''] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const names = list.split(';');
  const isWhole = ['host', 'x-amz-date', 'x-amz-target'].every((name) => names.includes(name));
  const isBodySigned = headers['x-amz-content-sha256'] === createHash('sha256').update(body).digest('hex');
  if (!isWhole || !isBodySigned) return false;
  const signed = Object.fromEntries(names.map((name): [string, string] => [name, String(headers[name])]));
  const signer = new SignatureV4({ ...config, service: 'ssm' });
  const { hostname } = new URL(`http://${headers.host}`);
  const request = { method: 'POST', protocol: 'http:', hostname, path: '/', headers: signed, body };
  const [, year, month, day, hour, minute, second] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(String(date)) ?? [];
  const signingDate = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return (await signer.sign(request, { signingDate })).headers.authorization === authorization;
}
