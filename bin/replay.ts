import { run } from '../local/command-line.ts';
import { replay } from '../operate/replay.ts';

await run(replay);
