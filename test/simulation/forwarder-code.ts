import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { FORWARDER_LIMITS } from '../../lambda/aws/client-limits.ts';
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
  const requestHandler = cloud.transport(FORWARDER_LIMITS.requestHandler.requestTimeout);
  const client = { ...ACCOUNT, ...FORWARDER_LIMITS, requestHandler };
  return forwarder({
    bus: eventbridgeBus(new EventBridgeClient(client), 'webhooks'),
    deadLetters: sqsDeadLetters(new SQSClient({ ...client, useQueueUrlAsEndpoint: false }), cloud.deadLetters.url),
    tableName: TABLES.events,
    payloadBucketName: 'payloads',
    report,
  });
}
