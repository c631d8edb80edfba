import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { logLine } from '../telemetry/log-line.ts';
import { readDeliverConfig } from './config.ts';
import { eventbridgeBus } from './eventbridge-bus.ts';
import { deliverer } from './forwarder.ts';

const { busName, tableName } = readDeliverConfig(process.env);

/** The deployed function. Everything is built here, once, before the first batch. */
export const handler = deliverer({
  bus: eventbridgeBus(new EventBridgeClient({ maxAttempts: 3 }), busName),
  tableName,
  report: (fields) => {
    const level = fields.outcome === 'failed' ? 'ERROR' : 'INFO';
    process.stdout.write(logLine({ level, message: 'forward', time: Date.now(), fields: { ...fields } }));
  },
});
