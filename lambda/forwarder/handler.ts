import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { logLine } from '../telemetry/log-line.ts';
import { readForwarderConfig } from './config.ts';
import { eventbridgeBus } from './eventbridge-bus.ts';
import { forwarder } from './forwarder.ts';

const { busName, ...options } = readForwarderConfig(process.env);

/** The deployed function. Its clients are built once, before the first batch. */
export const handler = forwarder({
  bus: eventbridgeBus(new EventBridgeClient({ maxAttempts: 3 }), busName),
  ...options,
  report: (fields) => {
    const level = fields.outcome === 'failed' ? 'ERROR' : 'INFO';
    process.stdout.write(logLine({ level, message: 'forward', time: Date.now(), fields: { ...fields } }));
  },
});
