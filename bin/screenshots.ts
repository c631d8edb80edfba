import { run } from '../cli/arguments.ts';
import { screenshots } from '../cli/docs/screenshots.ts';

await run(screenshots);
