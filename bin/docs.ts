import { run } from '../local/command-line.ts';
import { docs } from '../local/docs.ts';

await run(docs);
