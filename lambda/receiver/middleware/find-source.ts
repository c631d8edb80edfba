import type { DeliveryMiddleware } from '../delivery.ts';
import { Problem } from '../problem.ts';
import type { Sources } from '../source.ts';

/** Finds the source that was called; 404 for another path, or a method that its provider does not use. */
export function findSource(sources: Sources): DeliveryMiddleware {
  return {
    before({ event: delivery }) {
      const source = sources.get(delivery.sourceName);
      if (!source?.provider.methods.includes(delivery.method)) throw new Problem('not_found');
      delivery.source = source;
    },
  };
}
