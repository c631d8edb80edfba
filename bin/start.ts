import { run } from '../cli/arguments.ts';
import { start } from '../cli/local/start.ts';

await run(() => start(process.env));
