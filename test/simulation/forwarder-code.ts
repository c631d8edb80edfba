import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { eventbridgeBus } from '../../lambda/forwarder/eventbridge-bus.ts';
import { type ForwardReport, forwarder } from '../../lambda/forwarder/forwarder.ts';
import { sqsDeadLetters } from '../../lambda/forwarder/sqs-dead-letters.ts';
import { ACCOUNT, type Cloud, TABLES } from './cloud.ts';
import type { Handler } from './function-pool.ts';

/** Builds the forwarder as lambda/forwarder/handler.ts does, with AWS clients whose requests stay in the process. */
export function forwarderCode(
  cloud: Cloud,
  report: (report: ForwardReport) => void,
): Handler<DynamoDBStreamEvent, DynamoDBBatchResponse> {
  const client = { ...ACCOUNT, maxAttempts: 3, requestHandler: cloud.transport() };
  return forwarder({
    bus: eventbridgeBus(new EventBridgeClient(client), 'webhooks'),
    deadLetters: sqsDeadLetters(new SQSClient({ ...client, useQueueUrlAsEndpoint: false }), cloud.deadLetters.url),
    tableName: TABLES.events,
    payloadBucketName: 'payloads',
    report,
  });
}
