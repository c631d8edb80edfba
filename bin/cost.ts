import { run } from '../local/command-line.ts';
import { writeCostPage } from '../local/cost.ts';

await run(writeCostPage);
