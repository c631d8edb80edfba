// The deployed function in its own process, as Lambda runs it: see function-process.ts.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { callLambda } from './lambda-call.ts';

const [, , folder = ''] = process.argv;
const { handler } = await import(pathToFileURL(join(folder, 'index.mjs')).href);

process.on('message', async ({ id, event, end }: { id: number; event: object; end?: true }) => {
  if (end) return process.disconnect();
  process.send?.({ id, answer: await callLambda(handler, event) });
});
process.send?.({ ready: true });
