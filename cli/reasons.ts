import type { QuarantineReason } from '../lambda/quarantine/quarantine-item.ts';
import type { ProblemCode } from '../lambda/receiver/problem.ts';
import type { InvalidVerdict } from '../lambda/signature/scheme.ts';

/** A reason, in words. */
export interface Reason {
  /** What is wrong; part of a sentence. */
  readonly meaning: string;
  /** What to do about it; sentences. */
  readonly action: string;
}

const FIX_OR_DISCARD =
  'If the provider changed its events, add the change to its file, and accept the item then. If it is useless, such as a test, discard it.';

/** Why a verified delivery, or an event of it, is in quarantine. */
const QUARANTINE_REASONS = {
  not_utf8: { meaning: 'the body is not UTF-8', action: FIX_OR_DISCARD },
  not_json: {
    meaning: 'the body, or the field of a form that holds the event, is not JSON',
    action: `Choose JSON at the provider if it offers a choice. ${FIX_OR_DISCARD}`,
  },
  not_form: { meaning: 'the body is not a form, or has no field that holds the event', action: FIX_OR_DISCARD },
  nested_too_deep: {
    meaning: 'the body is nested deeper than 100 levels',
    action: 'It could harm its readers. Ask its sender why, and discard it.',
  },
  forbidden_key: {
    meaning: 'the body has a key __proto__',
    action: 'It could harm its readers. Ask its sender why, and discard it.',
  },
  no_event_id: {
    meaning: 'nothing identifies the event',
    action: `A retry could not be recognized. ${FIX_OR_DISCARD}`,
  },
  invalid_event: {
    meaning: 'a field that identifies the event does not match the schema',
    action: `The issues list the paths, and what was expected there. ${FIX_OR_DISCARD}`,
  },
  outside_retention: {
    meaning: 'the signed time of the event is outside the retention window',
    action:
      'If a genuine provider resends old events, set a longer retention. If your consumers need this one, accept it as it is.',
  },
  conflict: {
    meaning: 'another payload is stored under the event id',
    action:
      'Ask the provider which payload is right. If the first is, discard the second. If the second is, ask for it under a new id: a stored event is never overwritten. If consumers need it before, accept it as it is: it is stored under an id with its SHA-256.',
  },
} as const satisfies Record<QuarantineReason, Reason>;

/** Reasons of the log, codes of problems, and outcomes, by name; the more exact ones first. */
export const REASONS = {
  ...QUARANTINE_REASONS,
  missing: {
    meaning: 'the request has no signature',
    action:
      'If it is genuine, check that the provider signs, and that nothing between it and the inbox removes headers.',
  },
  malformed: {
    meaning: 'the signature does not have the form that the provider gives it, or there are several',
    action: 'Check that the URL is that of a source of this provider.',
  },
  mismatch: {
    meaning: 'the signature does not match the body and the secret',
    action:
      'If the source is new, or its secret was rotated, the secret is wrong: store the right one. If the provider signs the URL and a proxy or a tunnel is in front, set publicUrl, or PUBLIC_URL on this machine. If genuine requests arrive as before, someone sends forged ones, and nothing of them is stored.',
  },
  outside_tolerance: {
    meaning: 'the signed time is too far from now',
    action:
      "Either the provider's retry is older than its scheme allows, or a clock is wrong. Let the provider send the event again.",
  },
  unusable_secret: {
    meaning: 'the secret does not have the form that the provider gives it',
    action: 'Store the secret exactly as the provider shows it.',
  },
  secret_missing: { meaning: 'the source has no secret', action: 'Store it: it is used within 2 seconds.' },
  secret_empty: { meaning: 'the secret is empty', action: 'Store it: it is used within 2 seconds.' },
  secret_awaits_handshake: {
    meaning: 'the source waits for the handshake that hands out its secret',
    action:
      'Make the provider send its handshake, and confirm it in the command that waits. Without such a command, store the secret, or wait again with --from-handshake.',
  },
  secret_unreachable: {
    meaning: 'the secret could not be read',
    action:
      'Secrets Manager fails, or the receiver may not read the secret. Nothing is lost if the provider retries. If the cause is AccessDenied, deploy again.',
  },
  certificate_unavailable: {
    meaning: 'a certificate or the public keys of the provider could not be downloaded',
    action: 'Nothing is lost if the provider retries.',
  },
  over_source_limit: {
    meaning: 'the body is larger than the limit of the source',
    action: 'Set a larger maxBodyBytes, up to 4 MiB, and let the provider resend the event.',
  },
  not_base64: {
    meaning: 'the body could not be decoded',
    action: 'Look at what is between the provider and the inbox.',
  },
  table_unavailable: {
    meaning: 'the events table did not take the event',
    action: 'If it is queued, it is stored as soon as the table is back. If it was answered 503, the provider retries.',
  },
  quarantine_unavailable: {
    meaning: 'the quarantine table did not take the event',
    action: 'If it is queued, it is stored as soon as the table is back. If it was answered 503, the provider retries.',
  },
  bucket_unavailable: {
    meaning: 'the payload bucket did not take the payload',
    action:
      'If it is queued, it is stored as soon as the bucket is back. If it was answered 503, the provider retries.',
  },
  out_of_time: {
    meaning: 'the body has more events than one delivery can store',
    action: 'The retry of the provider stores the rest. If it happens often, ask the provider for smaller batches.',
  },
  handshake_unanswered: {
    meaning: 'a handshake could not be answered',
    action: 'Start the handshake again at the provider.',
  },
  invalid_signature: {
    meaning: 'the signature is missing or does not verify',
    action: 'Check the secret of the source.',
  },
  malformed_body: {
    meaning: 'the body is not in the format that its content type says',
    action:
      'Nothing was stored. Tell the sender what is wrong. If the sender cannot change it, set onInvalid to quarantine.',
  },
  event_id_conflict: {
    meaning: 'another payload is stored under the event id',
    action: 'Nothing of this request was stored. The sender used an id twice: ask for the event under a new id.',
  },
  payload_too_large: {
    meaning: 'the body is larger than the endpoint accepts',
    action: 'Set a larger maxBodyBytes, up to 4 MiB, and let the provider resend the event.',
  },
  unsupported_media_type: {
    meaning: 'the endpoint does not accept the content type',
    action:
      'Choose JSON at the provider if it offers a choice. If the provider changed, add the content type to its file.',
  },
  not_found: {
    meaning: 'there is no such endpoint',
    action:
      'Compare the URL at the provider with that of the source. A handshake by GET needs a source whose provider uses it.',
  },
  forbidden: {
    meaning: 'the request names another host, or comes from a page of another site',
    action: 'If it came through a tunnel, set PUBLIC_URL to the URL of the tunnel.',
  },
  temporarily_unavailable: {
    meaning: 'the event could not be stored now',
    action: 'Nothing is lost if the provider retries. The log has the cause.',
  },
  internal_error: {
    meaning: 'the receiver met an unexpected error',
    action: 'This is a defect of webhook-inbox. The log has the cause, with its stack.',
  },
} as const satisfies Record<QuarantineReason | InvalidVerdict | ProblemCode, Reason> & Record<string, Reason>;

/** The name of a reason, a code or an outcome that {@link REASONS} describes. */
export type ReasonName = keyof typeof REASONS;

/** The most exact description; undefined if neither the reason nor the code is known. */
export function describeReason(reason: string | undefined, code?: string): Reason | undefined {
  const name = [reason, code].find((each) => each !== undefined && Object.hasOwn(REASONS, each));
  return REASONS[name as ReasonName];
}
