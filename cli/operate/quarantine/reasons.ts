import { suggestion } from '../../../lambda/providers/suggestion.ts';
import type { QuarantineReason } from '../../../lambda/quarantine/quarantine-item.ts';
import { UsageError } from '../../arguments.ts';
import { REASONS as ALL_REASONS } from '../../reasons.ts';

/** The meaning of each reason. */
export const REASONS: Readonly<Record<QuarantineReason, string>> = {
  not_utf8: ALL_REASONS.not_utf8.meaning,
  not_json: ALL_REASONS.not_json.meaning,
  not_form: ALL_REASONS.not_form.meaning,
  nested_too_deep: ALL_REASONS.nested_too_deep.meaning,
  forbidden_key: ALL_REASONS.forbidden_key.meaning,
  no_event_id: ALL_REASONS.no_event_id.meaning,
  invalid_event: ALL_REASONS.invalid_event.meaning,
  outside_retention: ALL_REASONS.outside_retention.meaning,
  conflict: ALL_REASONS.conflict.meaning,
};

/**
 * Checks the name of a reason.
 * @throws {UsageError} if there is no such reason
 */
export function reasonNamed(name: string): QuarantineReason {
  if (isReason(name)) return name;
  const meant = suggestion(name, Object.keys(REASONS));
  const advice = meant ? `Did you mean ${meant}?` : `The reasons are: ${Object.keys(REASONS).join(', ')}.`;
  throw new UsageError(`"${name}" is no reason. ${advice}`);
}

function isReason(name: string): name is QuarantineReason {
  return Object.hasOwn(REASONS, name);
}
