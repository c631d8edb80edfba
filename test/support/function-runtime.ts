// The deployed function in its own process, as Lambda runs it: see function-process.ts.
import { handler } from '../../lambda/receiver/handler.ts';
import { callLambda } from './lambda-call.ts';

process.on('message', async ({ id, event, end }: { id: number; event: object; end?: true }) => {
  if (end) return process.disconnect();
  process.send?.({ id, answer: await callLambda(handler, event) });
});
process.send?.({ ready: true });
