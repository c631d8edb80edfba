// The local inbox in its own process, which reports its memory and open handles to `npm run soak`.
import { startLocalInbox } from '../cli/local/local-inbox.ts';
import { serve } from './child.ts';
import type { ResourceUsage, SoakInboxOptions } from './soak.ts';

serve({
  async start({ dataDir, environment }: SoakInboxOptions): Promise<string> {
    const { url } = await startLocalInbox({ port: 0, dynamodbPort: 0, dataDir, environment, report() {} });
    return url;
  },
  resourceUsage(): ResourceUsage {
    globalThis.gc?.();
    return {
      heapBytes: process.memoryUsage().heapUsed,
      residentBytes: process.memoryUsage.rss(),
      handles: process.getActiveResourcesInfo().length,
    };
  },
});
