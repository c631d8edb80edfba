import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, readBytes } from '../../cli/local/http.ts';

/** A server on loopback for the payload bucket in S3, and for the receiver and event source mappings in Lambda. */
export interface ReceiverServices extends AsyncDisposable {
  /** The environment in which the SDK calls it. */
  readonly environment: NodeJS.ProcessEnv;
  /** The objects of the bucket, by key. */
  readonly objects: Map<string, Uint8Array>;
}

/** Choices of a test. */
export interface ReceiverServicesOptions {
  readonly bucketName: string;
  readonly functionName: string;
  /** The environment variables of the function. Without them, reading its configuration is denied. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** The states of event source mappings by id. @default - none */
  readonly mappings?: Readonly<Record<string, string>> | undefined;
  /** Is waited for before an object is read. */
  readonly onRead?: (() => Promise<unknown>) | undefined;
}

/** The environment of a receiver, as the stack sets it. */
export const RECEIVER_VARIABLES = {
  TABLE_NAME: 'events',
  QUARANTINE_TABLE_NAME: 'quarantine',
  PAYLOAD_BUCKET_NAME: 'payloads',
  OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow',
  INBOX_NAME: 'Hooks/Inbox',
  RETENTION_SECONDS: String(30 * 24 * 3600),
  PREVIOUS_SECRET_GRACE_SECONDS: String(24 * 3600),
};

/**
 * Starts it for the receiver `Receiver`.
 * @param isReadable whether its configuration may be read
 * @param mappings the states of event source mappings by id
 */
export const startReceiver = (isReadable = true, mappings: Readonly<Record<string, string>> = {}) =>
  startReceiverServices({
    bucketName: 'payloads',
    functionName: 'Receiver',
    mappings,
    variables: isReadable ? RECEIVER_VARIABLES : undefined,
  });

/** Starts it. */
export async function startReceiverServices(options: ReceiverServicesOptions): Promise<ReceiverServices> {
  const objects = new Map<string, Uint8Array>();
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path === `/2015-03-31/functions/${options.functionName}/configuration`) return configuration(options, response);
    const State = options.mappings?.[path.replace('/2015-03-31/event-source-mappings/', '')];
    if (State)
      return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ State }));
    await serveObject(request, response, { ...options, objects, path });
  });
  const endpoint = await listen(server, 0);
  return {
    environment: { AWS_ENDPOINT_URL_S3: endpoint, AWS_ENDPOINT_URL_LAMBDA: endpoint },
    objects,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function configuration({ variables }: ReceiverServicesOptions, response: ServerResponse): void {
  const denied = { Type: 'User', Message: 'not authorized to perform lambda:GetFunctionConfiguration' };
  response.writeHead(variables ? 200 : 403, {
    'Content-Type': 'application/json',
    ...(!variables && { 'X-Amzn-ErrorType': 'AccessDeniedException' }),
  });
  response.end(JSON.stringify(variables ? { Environment: { Variables: variables } } : denied));
}

interface ObjectRequest extends ReceiverServicesOptions {
  readonly objects: Map<string, Uint8Array>;
  readonly path: string;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
async function serveObject(request: IncomingMessage, response: ServerResponse, options: ObjectRequest): Promise<void> {
  const { bucketName, objects, path, onRead } = options;
  const key = path.slice(`/${bucketName}/`.length);
  const body = await readBytes(request, 16_000_000);
  if (request.method === 'PUT' && body) {
    objects.set(key, body);
    return void response.writeHead(200).end();
  }
  await onRead?.();
  const bytes = path.startsWith(`/${bucketName}/`) ? objects.get(key) : undefined;
  if (bytes) return void response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(bytes);
  response.writeHead(404, { 'Content-Type': 'application/xml' });
  response.end('<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>');
}
