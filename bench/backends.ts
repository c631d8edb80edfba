// The AWS services that the contestants call. They run in their own process, so that their CPU is not counted.
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { generate } from 'selfsigned';
import { startEmbeddedDynamodb } from '../cli/local/embedded-dynamodb.ts';
import { startEmbeddedSecretsManager } from '../cli/local/embedded-secrets-manager.ts';
import { LOOPBACK, listen, readBytes } from '../cli/local/http.ts';
import type { Backends, BackendsOptions, Tally } from './backends-process.ts';
import { serve } from './child.ts';

let tally: Tally = { requests: [], writeUnits: 0, readUnits: 0 };

async function start(options: BackendsOptions): Promise<Backends> {
  const { tableName, idempotencyTableName, secretNames, secret, certificateFile } = options;
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName });
  await dynamodb.client.send(
    new CreateTableCommand({
      TableName: idempotencyTableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const manager = await startEmbeddedSecretsManager();
  for (const name of secretNames) manager.versions.set(`${name} AWSCURRENT`, { SecretString: secret, createdAt: 0 });
  const counting = await listen(countingServer(dynamodb.endpoint), 0);
  const startFront = await tlsFront(certificateFile);
  return {
    plainDynamodb: dynamodb.endpoint,
    dynamodb: await startFront(dynamodb.endpoint),
    countingDynamodb: await startFront(counting),
    secretsManager: await startFront(manager.endpoint),
  };
}

/**
 * Puts TLS in front of plain HTTP servers: functions call AWS over HTTPS.
 * @returns starts a front for an endpoint, and returns the front's URL
 */
async function tlsFront(certificateFile: string): Promise<(endpoint: string) => Promise<string>> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: LOOPBACK }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: LOOPBACK }] }],
  });
  writeFileSync(certificateFile, cert);
  return async (endpoint) => {
    const front = createTlsServer({ key, cert, noDelay: true }, (socket) => {
      const upstream = connect(Number(new URL(endpoint).port), LOOPBACK);
      upstream.setNoDelay(true);
      const end = () => {
        socket.destroy();
        upstream.destroy();
      };
      pipeline(socket, upstream, end);
      pipeline(upstream, socket, end);
    });
    return (await listen(front, 0)).replace('http:', 'https:');
  };
}

/** A proxy of DynamoDB that counts requests and the capacity that they consume. */
function countingServer(endpoint: string): Server {
  return createServer((request, response) => {
    count(endpoint, request, response).catch(() => response.destroy());
  });
}

async function count(endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = String(request.headers['x-amz-target']);
  const input = JSON.parse(String(await readBytes(request, 1_000_000)));
  const result = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization: String(request.headers.authorization),
      'x-amz-date': String(request.headers['x-amz-date']),
    },
    body: JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' }),
  });
  const text = await result.text();
  const operation = target.split('.').at(-1) ?? '';
  const units = JSON.parse(text).ConsumedCapacity?.CapacityUnits ?? 0;
  tally = {
    requests: [...tally.requests, operation],
    writeUnits: tally.writeUnits + (operation.startsWith('Get') ? 0 : units),
    readUnits: tally.readUnits + (operation.startsWith('Get') ? units : 0),
  };
  response.writeHead(result.status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(text);
}

serve({
  start,
  tally() {
    const counted = tally;
    tally = { requests: [], writeUnits: 0, readUnits: 0 };
    return counted;
  },
});
