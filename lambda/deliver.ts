import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { readDeliverConfig } from './deliver/config.ts';
import { eventbridgeBus } from './deliver/eventbridge-bus.ts';
import { deliverer } from './deliverer.ts';

const { busName, tableName } = readDeliverConfig(process.env);
const logger = new Logger({ serviceName: 'webhook-inbox' });

/** The deployed function. Everything is built here, once, before the first batch. */
export const handler = deliverer({
  bus: eventbridgeBus(new EventBridgeClient({ maxAttempts: 3 }), busName),
  tableName,
  report: ({ outcome, ...rest }) => logger[outcome === 'failed' ? 'error' : 'info']('forward', { outcome, ...rest }),
});
