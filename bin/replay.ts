import { run } from '../cli/arguments.ts';
import { replay } from '../cli/operate/replay.ts';

await run(replay);
