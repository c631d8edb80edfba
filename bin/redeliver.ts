import { run } from '../local/command-line.ts';
import { redeliver } from '../operate/redeliver.ts';

await run(redeliver);
