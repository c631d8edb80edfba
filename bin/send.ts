import { run } from '../cli/arguments.ts';
import { send } from '../cli/local/send.ts';

await run(() => send(process.env));
