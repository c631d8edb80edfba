import { run } from '../cli/arguments.ts';
import { docs } from '../cli/docs/docs.ts';

await run(docs);
