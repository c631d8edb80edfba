import { algorithmChecks } from './algorithm.ts';
import type { Check } from './check.ts';
import { contentTypeChecks } from './content-type.ts';
import { disclosureChecks } from './disclosure.ts';
import { freshnessChecks } from './freshness.ts';
import { integrityChecks } from './integrity.ts';
import { jsonChecks } from './json.ts';
import { rateLimitChecks } from './rate-limit.ts';
import { replayChecks } from './replay.ts';
import { routingChecks } from './routing.ts';
import { schemaChecks } from './schema.ts';
import { signatureChecks } from './signature.ts';
import { sizeChecks } from './size.ts';
import { timingChecks } from './timing.ts';
import { transportChecks } from './transport.ts';

/** Every check, in the order of execution. Checks that examine the responses of other checks come last. */
export const checks: readonly Check[] = [
  ...signatureChecks,
  ...algorithmChecks,
  ...integrityChecks,
  ...freshnessChecks,
  ...replayChecks,
  ...contentTypeChecks,
  ...jsonChecks,
  ...schemaChecks,
  ...sizeChecks,
  ...routingChecks,
  ...timingChecks,
  ...transportChecks,
  ...disclosureChecks,
  ...rateLimitChecks,
];

/** The greatest number of requests of a probe: the first valid one, and those of the checks. */
export function requestsOf(selected: readonly Check[]): number {
  return 1 + selected.reduce((sum, { requests }) => sum + requests, 0);
}
