import { run } from '../local/command-line.ts';
import { redrive } from '../operate/redrive.ts';

await run(redrive);
