import type { Middleware } from '../chain.ts';
import type { Received, Routed } from '../delivery.ts';
import { Problem } from '../problem.ts';
import type { Sources } from '../source.ts';

/** Finds the source that was called; 404 for another path, or a method that its provider does not use. */
export function findSource(sources: Sources): Middleware<Received, Routed> {
  return {
    before({ sourceName, method }) {
      const source = sources.get(sourceName);
      if (!source?.provider.methods.includes(method)) throw new Problem('not_found');
      return { source };
    },
  };
}
