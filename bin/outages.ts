import { run } from '../cli/arguments.ts';
import { writeOutages } from '../cli/docs/outages.ts';

await run(writeOutages);
