import { SignatureV4 } from '@smithy/signature-v4';

/** Region, credentials and hash function, as every client of the AWS SDK resolves them. */
export type SigningConfig = Pick<ConstructorParameters<typeof SignatureV4>[0], 'region' | 'credentials' | 'sha256'>;

/** Where the parameters are, and who reads them. */
export interface ParameterStoreApiOptions {
  /** The endpoint, as `parameterStoreUrl` returns it. */
  readonly url: string;
  readonly config: SigningConfig;
  readonly fetch: typeof fetch;
}

/**
 * Calls an operation of Systems Manager.
 * @param operation such as `GetParameter`
 * @throws {Error} that is named as Systems Manager names it, such as `ParameterNotFound`
 */
export type ParameterStoreApi = (operation: string, input: object, signal?: AbortSignal) => Promise<unknown>;

/**
 * Systems Manager, whose requests are signed with the SDK's own signer: the receiver's bundle would carry a whole client
 * of the SDK for one operation that few inboxes use.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html
 */
export function parameterStoreApi({ url, config, fetch }: ParameterStoreApiOptions): ParameterStoreApi {
  const signer = new SignatureV4({ ...config, service: 'ssm', applyChecksum: true });
  const target = new URL(url);

  return async (operation, input, signal) => {
    const body = JSON.stringify(input);
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: target.protocol,
      hostname: target.hostname,
      path: '/',
      headers: {
        host: target.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonSSM.${operation}`,
      },
      body,
    });
    // fetch writes this header itself, and accepts no other.
    const { host: _, ...sent } = headers;
    const request = { method: 'POST', headers: sent, body, redirect: 'manual', ...(signal && { signal }) } as const;
    const response = await fetch(target, request);
    const text = await response.text();
    if (!response.ok) throw ssmError(response.status, text);
    return JSON.parse(text);
  };
}

/** The message of an error may quote the request, and with it a secret: it is for the user of a command only. */
function ssmError(status: number, text: string): Error {
  const [, name = 'SsmError'] = /"__type"\s*:\s*"(?:[^"#]*#)?(\w{1,64})"/.exec(text) ?? [];
  const [, message] = /"[Mm]essage"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
  const $fault = status < 500 ? 'client' : 'server';
  return Object.assign(new Error(message ? JSON.parse(message) : `SSM responded with ${status}.`), { name, $fault });
}
