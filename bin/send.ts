import { run } from '../local/command-line.ts';
import { send } from '../local/send.ts';

await run(() => send(process.env));
