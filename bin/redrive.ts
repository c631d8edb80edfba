import { run } from '../cli/arguments.ts';
import { redrive } from '../cli/operate/redrive.ts';

await run(redrive);
