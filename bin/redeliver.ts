import { run } from '../cli/arguments.ts';
import { redeliver } from '../cli/operate/redeliver.ts';

await run(redeliver);
