import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { listen, readBytes } from './http.ts';

/** A GetSecretValue request. */
export interface SecretRequest {
  readonly SecretId: string;
  readonly VersionStage: string;
}

/** One version of a secret, or the error that is returned instead. */
export type SecretVersion =
  | {
      readonly SecretString?: string;
      readonly SecretBinary?: string;
      /** Epoch milliseconds. */
      readonly createdAt: number;
    }
  | {
      /** HTTP status code. */
      readonly status: number;
      /** Exception name, such as `AccessDeniedException`. */
      readonly error: string;
    };

/** A running embedded Secrets Manager: GetSecretValue over HTTP, on the loopback interface. */
export interface EmbeddedSecretsManager extends AsyncDisposable {
  readonly endpoint: string;
  /**
   * Versions by secret id and stage, such as `arn:partner AWSCURRENT`. The response for any other key is
   * `ResourceNotFoundException`.
   */
  readonly versions: Map<string, SecretVersion>;
  /** Every request so far, in order. */
  readonly requests: readonly SecretRequest[];
}

/** Starts a Secrets Manager without secrets in this process, on any free port. */
export async function startEmbeddedSecretsManager(): Promise<EmbeddedSecretsManager> {
  const versions = new Map<string, SecretVersion>();
  const requests: SecretRequest[] = [];
  const server = createServer(async (message, response) => {
    const request = await readRequest(message);
    requests.push(request);
    const [status, body] = responseTo(request, versions);
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  const endpoint = await listen(server, 0);
  return {
    endpoint,
    versions,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(message: IncomingMessage): Promise<SecretRequest> {
  const { 'x-amz-target': target } = message.headers;
  if (target !== 'secretsmanager.GetSecretValue') throw new Error(`${target} is not supported.`);
  return JSON.parse(String(await readBytes(message, 10_000)));
}

function responseTo(
  { SecretId, VersionStage }: SecretRequest,
  versions: ReadonlyMap<string, SecretVersion>,
): [status: number, body: object] {
  const version = versions.get(`${SecretId} ${VersionStage}`) ?? { status: 400, error: 'ResourceNotFoundException' };
  if ('error' in version) return [version.status, { __type: version.error, Message: version.error }];
  const { createdAt, ...value } = version;
  const VersionId = createHash('md5').update(JSON.stringify(version)).digest('hex');
  return [200, { ARN: SecretId, ...value, VersionId, CreatedDate: createdAt / 1000, VersionStages: [VersionStage] }];
}
