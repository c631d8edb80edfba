import type { InvalidEvent } from '../../quarantine/quarantine-item.ts';
import type { Middleware } from '../chain.ts';
import type { Routed, Validated } from '../delivery.ts';
import { Problem } from '../problem.ts';

/** The most issues that a response lists. */
const MAX_ISSUES = 20;

/**
 * Rejects a delivery with an invalid event, where the source is set to reject: its sender reads the response, and
 * nothing of the delivery is stored. 400 for a body that cannot be parsed, 422 for an event that does not match.
 */
export function rejectInvalid(): Middleware<Routed & Validated, object> {
  return {
    before({ source, judgements, isBatch }) {
      if (source.onInvalid !== 'reject') return {};
      const invalid = judgements.flatMap((judgement, index) =>
        'invalid' in judgement ? [{ ...judgement, index }] : [],
      );
      const [first] = invalid;
      if (!first) return {};
      const { reason, issues, eventId } = first.invalid;
      if (issues.length === 0) throw new Problem('malformed_body', { reason });
      const all = invalid.flatMap(({ invalid: each, index }) => (isBatch ? withIndex(each, index) : each.issues));
      throw new Problem('invalid_event', { reason, eventId, issues: all.slice(0, MAX_ISSUES) });
    },
  };
}

const withIndex = ({ issues }: InvalidEvent, index: number) =>
  issues.map(({ path, expected }) => ({ path: `[${index}].${path}`, expected }));
