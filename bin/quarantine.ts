import { run } from '../cli/arguments.ts';
import { quarantine } from '../cli/operate/quarantine/quarantine.ts';

await run(() => quarantine(process.env));
