import type { Issue } from '../../providers/provider.ts';
import type { InvalidEvent } from '../../quarantine/quarantine-item.ts';
import type { Middleware } from '../chain.ts';
import type { Routed, Validated } from '../delivery.ts';
import { Problem } from '../problem.ts';

/** The most issues that a response lists. */
const MAX_ISSUES = 20;

/**
 * Rejects a delivery with an invalid event, if its source is set to reject: the sender reads the response, and nothing of
 * the delivery is stored.
 * @throws {Problem} 400 if the body could not be parsed, 422 if an event does not match the schema
 */
export function rejectInvalid(): Middleware<Routed & Validated, object> {
  return {
    before({ source, judgements, isBatch }) {
      if (source.onInvalid !== 'reject') return {};
      const invalid = judgements.flatMap((judgement, index) =>
        'invalid' in judgement ? [[judgement.invalid, index] as const] : [],
      );
      const [first] = invalid;
      if (!first) return {};
      const [{ reason, issues }] = first;
      if (issues.length === 0) throw new Problem('malformed_body', { reason });
      const all = invalid.flatMap(([each, index]) => (isBatch ? withIndex(each, index) : each.issues));
      throw new Problem('invalid_event', { reason, issues: all.slice(0, MAX_ISSUES) });
    },
  };
}

function withIndex({ issues }: InvalidEvent, index: number): readonly Issue[] {
  return issues.map(({ path, expected }) => ({ path: `[${index}].${path}`, expected }));
}
