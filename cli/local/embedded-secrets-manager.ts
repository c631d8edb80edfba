import { createServer, type IncomingMessage } from 'node:http';
import { listen, readBytes } from './http.ts';

/** What is asked of Secrets Manager. */
export interface Asked {
  readonly SecretId: string;
  readonly VersionStage: string;
}

/** One version of a secret, or the error in its place. */
export type Version =
  | { readonly SecretString?: string; readonly SecretBinary?: string; readonly createdAt: number }
  | { readonly status: number; readonly error: string };

/** A server on loopback that speaks as much of Secrets Manager as the receiver asks for. */
export interface SecretsManager extends AsyncDisposable {
  readonly endpoint: string;
  /** By secret id and stage, such as `arn:partner AWSCURRENT`; what is not there is not found. */
  readonly versions: Map<string, Version>;
  readonly asked: readonly Asked[];
}

export async function startSecretsManager(): Promise<SecretsManager> {
  const versions = new Map<string, Version>();
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const question = await questionIn(request);
    asked.push(question);
    const [status, answer] = answerTo(question, versions);
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  const endpoint = await listen(server, 0);
  return {
    endpoint,
    versions,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function questionIn(request: IncomingMessage): Promise<Asked> {
  if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') throw new Error('asked for something else');
  return JSON.parse(String(await readBytes(request, 10_000)));
}

function answerTo({ SecretId, VersionStage }: Asked, versions: ReadonlyMap<string, Version>): [number, object] {
  const version = versions.get(`${SecretId} ${VersionStage}`) ?? { status: 400, error: 'ResourceNotFoundException' };
  if ('error' in version) return [version.status, { __type: version.error, Message: `${version.error} of a test` }];
  const { createdAt, ...value } = version;
  return [200, { ARN: SecretId, ...value, CreatedDate: createdAt / 1000, VersionStages: [VersionStage] }];
}
