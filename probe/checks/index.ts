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

/** Every check, in the order it is made: those that look through the answers of the others come last. */
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

/** How many requests a probe sends at most: its checks, and the one that shows that the endpoint can be probed. */
export function requestsOf(chosen: readonly Check[]): number {
  return 1 + chosen.reduce((sum, { requests }) => sum + requests, 0);
}
