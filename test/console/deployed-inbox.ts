import { createHash } from 'node:crypto';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';
import { type AwsAnswer, type AwsCall, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { deliveryLineAt } from '../support/delivery-lines.ts';
import { invoiceItem } from '../support/invoice-item.ts';
import { RECEIVER_VARIABLES, startReceiverServices } from '../support/receiver-services.ts';

const OUTPUTS = {
  ReceiverName: 'Receiver',
  ReceiverLogGroupName: 'receiver',
  TableName: 'events',
  QuarantineTableName: 'webhook-quarantine',
  PayloadBucketName: 'payloads',
  OverflowQueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/overflow',
  UrlPrefix: 'https://api.example.com/webhooks/',
  BusName: 'Hooks-bus',
};

const SOURCES = { partner: { provider: 'generic' }, shop: { provider: 'shopify' } } as const;

/** The rules of the bus: one for the type of the stored events, one for another. */
const RULES = ['invoice.paid', 'refund.created'].map((type) => ({
  Name: `on-${type.replace('.', '-')}`,
  Arn: `arn:aws:events:us-east-1:111122223333:rule/Hooks-bus/${type}`,
  EventPattern: JSON.stringify({ 'detail-type': [type] }),
  State: 'ENABLED',
}));

/** A line of the receiver's log. */
export interface LoggedLine {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly report: DeliveryReport;
}

/** An answer that a test changes, by operation. */
type Answers = Record<string, (input: AwsCall['input']) => AwsAnswer | Promise<AwsAnswer>>;

/** An error of AWS, as its services with JSON answer it. */
export const awsError = (type: string, message: string): AwsAnswer => ({ __type: type, message });

/**
 * The services of a deployed inbox, on loopback, with this log. Logs Insights has it too: it filters by the window alone.
 * @param events the ids of stored events of the source `partner`, with their payloads
 */
export async function startDeployedInbox(log: readonly LoggedLine[], events: Readonly<Record<string, string>> = {}) {
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: OUTPUTS.TableName });
  const documents = DynamoDBDocumentClient.from(dynamodb.client);
  for (const [id, payload] of Object.entries(events)) {
    await documents.send(new PutCommand({ TableName: OUTPUTS.TableName, Item: invoiceItem(id, payload, Date.now()) }));
  }
  const queries: AwsCall['input'][] = [];
  const answers: Answers = {
    FilterLogEvents: ({ startTime = 0, endTime = Number.POSITIVE_INFINITY }) => ({
      events: linesBetween(log, Number(startTime), Number(endTime)).map((message) => ({
        message,
        eventId: idOf(message),
      })),
    }),
    StartQuery: (input) => ({ queryId: String(queries.push(input) - 1) }),
    GetQueryResults: ({ queryId }) => ({ status: 'Complete', results: resultsOf(log, queries[Number(queryId)] ?? {}) }),
    StopQuery: () => ({ success: true }),
    GetSecretValue: () => ({ SecretString: 'not to be shown' }),
    ListRules: () => ({ Rules: RULES }),
    ListTargetsByRule: () => ({ Targets: [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:111122223333:invoices' }] }),
    PutEvents: () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'one' }] }),
  };
  const proxied = Object.fromEntries(
    Object.keys(answers).map((operation) => [
      operation,
      (input: AwsCall['input']) => answers[operation]?.(input) ?? {},
    ]),
  );
  const aws = await startAwsEndpoint(OUTPUTS, proxied, SOURCES);
  const receiver = await startReceiverServices({
    bucketName: OUTPUTS.PayloadBucketName,
    functionName: OUTPUTS.ReceiverName,
    variables: RECEIVER_VARIABLES,
  });
  return {
    /** May be changed. */
    answers,
    environment: {
      ...aws.environment,
      ...receiver.environment,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    },
    calls: (operation: string) => aws.calls.filter((call) => call.operation === operation).map(({ input }) => input),
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
      await dynamodb.stop();
    },
  };
}

const idOf = (message: string) => createHash('sha256').update(message).digest('hex');

/** Both times are inclusive. */
function linesBetween(log: readonly LoggedLine[], from: number, to: number): readonly string[] {
  return log.filter(({ time }) => time >= from && time <= to).map(({ time, report }) => deliveryLineAt(time, report));
}

/** Counts by step and outcome for `stats`, lines otherwise, the newest first. */
function resultsOf(log: readonly LoggedLine[], { startTime, endTime, queryString }: AwsCall['input']) {
  const [from, to] = [Number(startTime) * 1000, Number(endTime) * 1000];
  const [, minutes] = /by bin\((\d+)m\)/.exec(String(queryString)) ?? [];
  if (minutes === undefined)
    return linesBetween(log, from, to)
      .toReversed()
      .slice(0, 10_000)
      .map((message) => [{ field: '@message', value: message }]);
  const stepMs = Number(minutes) * 60_000;
  const counted = log.filter(({ time }) => time >= from && time <= to);
  return counted.map(({ time, report }) =>
    fieldsOf({
      [`bin(${minutes}m)`]: new Date(Math.floor(time / stepMs) * stepMs).toISOString().replace('T', ' ').slice(0, 23),
      outcome: report.outcome,
      deliveries: '1',
    }),
  );
}

const fieldsOf = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([field, value]) => ({ field, value }));
