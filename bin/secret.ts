import { run } from '../cli/arguments.ts';
import { putSecret } from '../cli/operate/put-secret.ts';

await run(putSecret);
