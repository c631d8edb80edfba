// The local inbox in a process of its own that tells of its memory; only for `npm run soak`.
import { startLocalInbox } from '../cli/local/local-inbox.ts';
import { serve } from './child.ts';
import type { Held, SoakInboxOptions } from './soak.ts';

serve({
  async start({ dataDir, environment }: SoakInboxOptions): Promise<string> {
    const { url } = await startLocalInbox({ port: 0, dynamodbPort: 0, dataDir, environment, report() {} });
    return url;
  },
  held(): Held {
    globalThis.gc?.();
    return {
      heapBytes: process.memoryUsage().heapUsed,
      residentBytes: process.memoryUsage.rss(),
      handles: process.getActiveResourcesInfo().length,
    };
  },
});
