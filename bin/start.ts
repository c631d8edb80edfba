import { run } from '../local/command-line.ts';
import { start } from '../local/start.ts';

await run(() => start(process.env));
