import { run } from '../local/command-line.ts';
import { putSecret } from '../operate/put-secret.ts';

await run(putSecret);
