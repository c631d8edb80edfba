import { run } from '../cli/arguments.ts';
import { probe } from '../probe/probe.ts';

await run(() => probe(process.env), 2);
