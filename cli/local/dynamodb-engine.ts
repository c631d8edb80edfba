import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import dynalite from 'dynalite';

/** The engine's response to a request. */
export interface EngineResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A DynamoDB engine in this process. It listens on no port, so only this process reaches it. */
export interface DynamodbEngine {
  /** Sends a request in DynamoDB's API; of the headers, only those that the API defines. */
  readonly post: (headers: IncomingHttpHeaders, body: Buffer | string) => Promise<EngineResponse>;
  /** Finishes what was requested, and closes the database. */
  readonly stop: () => Promise<void>;
}

/** The headers of DynamoDB's API. The engine would answer an `Origin` with permission for every site. */
const API_HEADERS = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'] as const;

/**
 * Opens the engine.
 * @param dataDir the folder that the tables are saved in; undefined for memory
 */
export function openDynamodbEngine(dataDir?: string): DynamodbEngine {
  const engine = dynalite({ createTableMs: 0, ...(dataDir && { path: dataDir }) });
  return {
    async post(headers, body) {
      const [client, server] = duplexPair();
      engine.emit('connection', server);
      const sent = request({ method: 'POST', headers: apiHeaders(headers), createConnection: () => client }).end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const { statusCode = 500, headers: received } = response;
      const contentType = received['content-type'] ?? 'application/json';
      return { status: statusCode, contentType, body: await text(response) };
    },
    stop: () => close(engine),
  };
}

function apiHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const given = API_HEADERS.filter((name) => headers[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, String(headers[name])]));
}

/** The engine closes its database only when it stops listening, so it listens for that moment, where nobody connects. */
async function close(engine: ReturnType<typeof dynalite>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-'));
  try {
    engine.listen(join(folder, 'engine'));
    await once(engine, 'listening');
    await new Promise((resolve) => engine.close(resolve));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
