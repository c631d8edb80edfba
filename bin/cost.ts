import { run } from '../cli/arguments.ts';
import { writeCostPage } from '../cli/docs/cost.ts';

await run(writeCostPage);
