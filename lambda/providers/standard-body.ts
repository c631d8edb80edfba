import * as v from 'valibot';
import { ifValid, isoText, name } from './fields.ts';

/**
 * The schema of a body by Standard Webhooks, which only recommends its fields: any JSON is valid, and a field of another
 * format is left out.
 */
export const standardBody = () =>
  v.fallback(v.object({ type: ifValid(name()), timestamp: ifValid(isoText()) }), {
    type: undefined,
    timestamp: undefined,
  });
