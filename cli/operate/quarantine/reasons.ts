import type { QuarantineReason } from '../../../lambda/quarantine/quarantine-item.ts';
import { UsageError } from '../../arguments.ts';
import { suggestion } from '../../suggestion.ts';

/** The meaning of each reason. */
export const REASONS: Readonly<Record<QuarantineReason, string>> = {
  not_utf8: 'the body is not UTF-8',
  not_json: 'the body, or the field of a form that holds the event, is not JSON',
  not_form: 'the body is not a form, or has no field that holds the event',
  nested_too_deep: 'the body is nested deeper than 100 levels',
  forbidden_key: 'the body has a key __proto__',
  no_event_id: 'nothing identifies the event',
  invalid_event: 'a field that identifies the event does not match the schema',
  outside_retention: 'the signed time of the event is outside the retention window',
  conflict: 'another payload is stored under the event id',
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
