import type { Carrier } from './carrier.ts';

/** A secret in a parameter of the query string, which the request has exactly once. */
export function inQuery(name: string): Carrier {
  return {
    read({ query }) {
      const [value, ...others] = query.getAll(name);
      return value === undefined || others.length > 0 ? 'missing' : { signatures: [value] };
    },
    write(request, { signatures }) {
      const query = new URLSearchParams(request.query);
      query.set(name, signatures.join(''));
      return { ...request, query };
    },
  };
}
