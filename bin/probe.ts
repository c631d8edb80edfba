import { run } from '../local/command-line.ts';
import { probe } from '../probe/probe.ts';

await run(() => probe(process.env), 2);
