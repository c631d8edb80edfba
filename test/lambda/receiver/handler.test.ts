import { DeleteTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startApiGateway } from '../../../cli/local/api-gateway.ts';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';
import { startEmbeddedSecretsManager } from '../../../cli/local/embedded-secrets-manager.ts';
import type { SourceConfigs } from '../../../lambda/receiver/config.ts';
import { dynamodbClient } from '../../support/aws-clients.ts';
import { startFunction } from '../../support/function-process.ts';
import { eventJson, incompressibleText, signatureOf, signed } from '../../support/generic-event.ts';
import { type Answer, exchange, type Outgoing } from '../../support/http.ts';
import { startParameterStore } from '../../support/parameter-store-endpoint.ts';
import { startS3Endpoint } from '../../support/s3-endpoint.ts';

const TABLE_NAME = 'events-of-the-function';
const INBOX_NAME = 'inbox/of-the-function';

const SOURCES: SourceConfigs = {
  partner: { provider: 'generic', maxBodyBytes: 10_000 },
  keeping: { provider: 'generic', onInvalid: 'quarantine' },
  unset: { provider: 'generic' },
  team: { provider: 'generic', secretId: 'team/secret' },
  stored: { provider: 'generic', parameterName: '/team/stored' },
};

/** The deployed function behind the HTTP front, with the DynamoDB and the Secrets Manager that its environment names. */
async function startDeployment() {
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: TABLE_NAME });
  const manager = await startEmbeddedSecretsManager();
  const s3 = await startS3Endpoint(dynamodbClient(dynamodb.endpoint).config);
  const parameters = await startParameterStore(dynamodbClient(dynamodb.endpoint).config);
  const environment = {
    AWS_ENDPOINT_URL_SSM: parameters.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    TABLE_NAME,
    QUARANTINE_TABLE_NAME: dynamodb.quarantineTableName,
    PAYLOAD_BUCKET_NAME: 'payloads-of-the-function',
    PAYLOAD_PREFIX: 'webhooks/',
    OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow',
    INBOX_NAME,
    RETENTION_SECONDS: '86400',
    PREVIOUS_SECRET_GRACE_SECONDS: '3600',
  };
  const deployed = await startFunction(environment, SOURCES, { hasSlowTimers: true });
  const front = await startApiGateway(deployed.receive, 0);
  return {
    dynamodb,
    manager,
    parameters,
    s3,
    finish: deployed.finish,
    post: (request: Outgoing, path = '/webhooks/partner') => exchange(front.url + path, request),
    async [Symbol.asyncDispose]() {
      await front.stop();
      await deployed[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
      await parameters[Symbol.asyncDispose]();
      await manager[Symbol.asyncDispose]();
      await dynamodb.stop();
    },
  };
}

const current = `${INBOX_NAME}/partner AWSCURRENT`;
const previous = `${INBOX_NAME}/partner AWSPREVIOUS`;

/** A valid event of today: the function's clock is the machine's. */
const today = (fields: Readonly<Record<string, unknown>> = {}) =>
  eventJson({ timestamp: Math.floor(Date.now() / 1000), ...fields });

const documentsIn = (written: string) =>
  written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const linesIn = (written: string) => documentsIn(written).filter(({ message }) => message === 'delivery');

describe('The deployed function', () => {
  it('verifies with the secrets of Secrets Manager, stores in DynamoDB, and writes log lines and metrics', async () => {
    await using deployment = await startDeployment();
    deployment.manager.versions.set(current, { SecretString: 'new\n', createdAt: Date.now() });
    deployment.manager.versions.set(previous, { SecretString: 'old', createdAt: 0 });

    const event = today();
    const statuses = [signed(event, 'new'), signed(event, 'old'), signed(event, 'other')].map(async (request) => {
      return (await deployment.post(request)).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 401]);
    const { Items } = await deployment.dynamodb.client.send(new ScanCommand({ TableName: TABLE_NAME }));
    expect(Items).toMatchObject([{ id: { S: 'partner#evt_1' }, payload: { S: String(event) } }]);

    const written = await deployment.finish();
    const documents = documentsIn(written);
    const lines = linesIn(written);
    const metrics = documents.filter(({ _aws }) => _aws !== undefined);
    expect(documents).toHaveLength(6);
    expect(lines.map(({ outcome }) => outcome).sort()).toEqual(['duplicate', 'processed', 'rejected']);
    expect(lines.filter((line) => line.used_previous_secret)).toHaveLength(1);
    expect(metrics.map(({ _aws }) => _aws.CloudWatchMetrics[0].Namespace)).toEqual(Array(3).fill('WebhookInbox'));
    expect(metrics.filter(({ PreviousSecretUsed }) => PreviousSecretUsed === 1)).toHaveLength(1);
  });

  it('verifies with existing secrets and parameters of sources, and with the version before the last change', async () => {
    await using deployment = await startDeployment();
    const { manager, parameters } = deployment;
    manager.versions.set('team/secret AWSCURRENT', { SecretString: 'of the team', createdAt: 0 });
    parameters.put('/team/stored', 'old', 0);
    parameters.put('/team/stored', 'new', Date.now());
    const event = today();
    const statusOf = async (secret: string, source: string) =>
      (await deployment.post(signed(event, secret), `/webhooks/${source}`)).status;
    expect(await statusOf('of the team', 'team')).toBe(200);
    expect(await statusOf('new', 'stored')).toBe(200);
    expect(await statusOf('old', 'stored')).toBe(200);
    expect(await statusOf('other', 'stored')).toBe(401);
  });

  it('stores large payloads in the payload bucket, and invalid events in the quarantine table', async () => {
    await using deployment = await startDeployment();
    const { dynamodb, manager, s3 } = deployment;
    manager.versions.set(`${INBOX_NAME}/keeping AWSCURRENT`, { SecretString: 'new', createdAt: 0 });
    const large = today({ more: incompressibleText(700_000) });
    expect((await deployment.post(signed(large, 'new'), '/webhooks/keeping')).headers).toMatchObject({
      'inbox-status': 'processed',
    });
    expect((await deployment.post(signed('{', 'new'), '/webhooks/keeping')).headers).toMatchObject({
      'inbox-status': 'quarantined',
    });
    const [events, quarantined] = await Promise.all(
      [TABLE_NAME, dynamodb.quarantineTableName].map((name) =>
        dynamodb.client.send(new ScanCommand({ TableName: name })),
      ),
    );
    const [path] = s3.objects.keys();
    expect(path).toMatch(/^\/payloads-of-the-function\/webhooks\/keeping\/[0-9a-f]{64}$/);
    expect(events?.Items).toMatchObject([{ payload_object: { S: path?.replace('/payloads-of-the-function/', '') } }]);
    expect(quarantined?.Items).toMatchObject([{ reason: { S: 'not_json' }, payload: { S: '{' } }]);
  });

  describe('lets out no secret, no signature, no header, and nothing of a body but the id and type of its event', () => {
    const marker = 'MARKER';
    const secret = `${marker}-secret`;
    const body = today({ user_id: `${marker}-user`, more: { [marker]: marker } });
    const other = today({ event_id: 'evt_2', user_id: `${marker}-user`, more: { [marker]: marker } });
    const withSignature = (signature: string): Outgoing => ({
      body,
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Signature', signature],
      ],
    });

    /** They are sent in this order: the conflict is with the first. */
    const deliveries: readonly (readonly [name: string, status: number, Outgoing, path?: string])[] = [
      ['processed', 200, signed(body, secret)],
      ['processed with the previous secret', 200, signed(other, `${marker}-old-secret`)],
      ['a conflict', 409, signed(`${body} `, secret)],
      ['without a signature', 401, { body, headers: [['Content-Type', 'application/json']] }],
      ['with a malformed signature', 401, withSignature(`sha256=${marker}`)],
      ['with a forged signature', 401, withSignature(signatureOf(body, marker))],
      ['not JSON', 400, signed(`{"${marker}`, secret)],
      ['with a forbidden key', 400, signed(`{"${marker}":{"__proto__":"${marker}"}}`, secret)],
      ['without any field', 422, signed(`{"${marker}":"${marker}"}`, secret)],
      ['with wrong fields', 422, signed(today({ event_id: [marker], action: marker.repeat(9) }), secret)],
      ['too large', 413, signed(marker.repeat(10_000), secret)],
      ['of another type', 415, { body, headers: [['Content-Type', marker]] }],
      ['kept in quarantine, not JSON', 200, signed(`{"${marker}`, secret), '/webhooks/keeping'],
      [
        'kept in quarantine, with wrong fields',
        200,
        signed(today({ event_id: [marker] }), secret),
        '/webhooks/keeping',
      ],
      ['to an unknown source', 404, signed(body, secret), `/webhooks/${marker}`],
      ['to a source without a secret', 503, signed(body, secret), '/webhooks/unset'],
    ];
    const marked = ['User-Agent', 'Authorization', 'Referer', marker].map((name) => [name, marker] as const);
    const answers: Answer[] = [];
    let written = '';

    beforeAll(async () => {
      await using deployment = await startDeployment();
      deployment.manager.versions.set(current, { SecretString: secret, createdAt: Date.now() });
      deployment.manager.versions.set(previous, { SecretString: `${marker}-old-secret`, createdAt: 0 });
      deployment.manager.versions.set(`${INBOX_NAME}/keeping AWSCURRENT`, {
        SecretString: secret,
        createdAt: 0,
      });
      for (const [, , request, path = '/webhooks/partner'] of deliveries) {
        const headers = [...(request.headers ?? []), ...marked];
        answers.push(await deployment.post({ ...request, headers }, `${path}?${marker}=${marker}`));
      }
      written = await deployment.finish();
    });

    it.each(deliveries.map(([name, status, { body }], index) => [name, status, body, index] as const))(
      'when a delivery is %s',
      (_, status, body = '', index) => {
        const answer = answers[index];
        expect(answer?.status).toBe(status);
        const everything = JSON.stringify(answer) + written;
        expect(everything).not.toContain(marker);
        for (const key of [secret, `${marker}-old-secret`, marker]) {
          expect(everything).not.toContain(signatureOf(body, key).slice('sha256='.length));
        }
        expect(answer?.text).not.toMatch(/arn:|of-the-function|\.ts:|node_modules/);
      },
    );

    it('and writes one log line per delivery', () => {
      const statuses = linesIn(written).map(({ status }) => status);
      expect(statuses).toEqual(deliveries.map(([, status]) => status));
    });

    it('when the table is missing', async () => {
      await using deployment = await startDeployment();
      deployment.manager.versions.set(current, { SecretString: secret, createdAt: Date.now() });
      await deployment.dynamodb.client.send(new DeleteTableCommand({ TableName: TABLE_NAME }));
      const answer = await deployment.post(signed(body, secret));
      expect(answer.status).toBe(503);
      expect(answer.text).not.toMatch(/arn:|of-the-function|\.ts:|node_modules/);
      const everything = JSON.stringify(answer) + (await deployment.finish());
      expect(everything).toContain('ResourceNotFoundException');
      expect(everything).not.toContain(marker);
    });
  });

  it('fails at its start with the name of the variable that is wrong', async () => {
    await expect(startFunction({ TABLE_NAME }, {})).rejects.toThrow(/INBOX_NAME: expected/);
  });
});
