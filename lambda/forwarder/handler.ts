import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { FORWARDER_LIMITS } from '../aws/client-limits.ts';
import { logLine } from '../telemetry/log-line.ts';
import { readForwarderConfig } from './config.ts';
import { eventbridgeBus } from './eventbridge-bus.ts';
import { forwarder } from './forwarder.ts';
import { sqsDeadLetters } from './sqs-dead-letters.ts';

const { busName, deadLetterQueueUrl, ...options } = readForwarderConfig(process.env);

// The URL only names the queue. The environment sets the endpoint of SQS, as of every other service.
const sqs = new SQSClient({ ...FORWARDER_LIMITS, useQueueUrlAsEndpoint: false });

const LEVELS = { forwarded: 'INFO', payload_omitted: 'WARN', dead_letter: 'ERROR', failed: 'ERROR' } as const;

/** The deployed function. Its clients are built once, before the first batch. */
export const handler = forwarder({
  bus: eventbridgeBus(new EventBridgeClient(FORWARDER_LIMITS), busName),
  deadLetters: sqsDeadLetters(sqs, deadLetterQueueUrl),
  ...options,
  report: (fields) => {
    const level = LEVELS[fields.outcome];
    process.stdout.write(logLine({ level, message: 'forward', time: Date.now(), fields: { ...fields } }));
  },
});
