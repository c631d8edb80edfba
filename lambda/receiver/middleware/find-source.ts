import type { Middleware } from '../chain.ts';
import type { Received, Routed } from '../delivery.ts';
import { Problem } from '../problem.ts';
import type { Source, Sources } from '../source.ts';

/** Finds the source that was called; 404 for another path, or a method that its provider does not use. */
export function findSource(sources: Sources): Middleware<Received, Routed> {
  return {
    before({ sourceName, resource, method }) {
      const source = sources.get(sourceName);
      if (!source?.provider.methods.includes(method)) throw new Problem('not_found');
      if (!isServedBy(source, resource)) throw new Problem('not_found');
      return { source };
    },
  };
}

/**
 * Whether a resource of the API serves a source. The shared resource does not serve a source that has its own: with
 * `/webhooks/p%61rtner`, a caller could pass by the throttle and the allow-list of `/webhooks/partner`.
 */
function isServedBy({ name, hasOwnResource }: Source, resource: string): boolean {
  return !hasOwnResource || resource === `/webhooks/${name}`;
}
