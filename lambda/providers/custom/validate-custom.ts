import * as v from 'valibot';
import type { CustomDefinition } from './custom-definition.ts';
import { customSchema } from './custom-schema.ts';
import { sizeFault } from './definition-size.ts';
import { eventContradictions } from './event-contradictions.ts';
import { handshakeContradictions } from './handshake-contradictions.ts';
import { messagesOf } from './rule.ts';
import { signatureContradictions } from './signature-contradictions.ts';

/**
 * Validates a definition, also for callers without type checks.
 * @returns what is wrong and how to fix it, each with its path, such as `signature.key`; empty if a source can use it
 */
export function validateCustom(definition: unknown): readonly string[] {
  const fault = sizeFault(definition);
  if (fault !== undefined) return [fault];
  const result = v.safeParse(customSchema(), definition);
  if (result.success) return contradictions(result.output);
  return result.issues.map((issue) => `${pathOf(issue)}: ${issue.message}`);
}

/** Such as `handshakes[0].answer.text`. */
const pathOf = (issue: v.BaseIssue<unknown>) => (v.getDotPath(issue) ?? 'custom').replace(/\.(\d+)(?=\.|$)/g, '[$1]');

function contradictions(definition: CustomDefinition): readonly string[] {
  const { signature, handshakes = [], acknowledgement } = definition;
  return [
    ...signatureContradictions(signature),
    ...eventContradictions(definition),
    ...handshakes.flatMap((each, index) => handshakeContradictions(each, definition, `handshakes[${index}]`)),
    ...acknowledgementContradictions(acknowledgement),
  ];
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5 and section 15.3.6 */
function acknowledgementContradictions({ status, body = '' }: CustomDefinition['acknowledgement'] = {}) {
  const hasNoBody = status === 204 || status === 205;
  return messagesOf([
    [hasNoBody && body !== '', `acknowledgement.body: a response with the status ${status} has none; leave it out.`],
  ]);
}
