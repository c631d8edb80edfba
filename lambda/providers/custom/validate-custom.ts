import * as v from 'valibot';
import type { CustomDefinition } from './custom-definition.ts';
import { customSchema } from './custom-schema.ts';
import { sizeFault } from './definition-size.ts';
import { eventContradictions } from './event-contradictions.ts';
import { handshakeContradictions } from './handshake-contradictions.ts';
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
  return result.issues.map((issue) => `${v.getDotPath(issue) ?? 'custom'}: ${issue.message}`);
}

function contradictions(definition: CustomDefinition): readonly string[] {
  const { signature, handshakes = [] } = definition;
  return [
    ...signatureContradictions(signature),
    ...eventContradictions(definition),
    ...handshakes.flatMap((each, index) => handshakeContradictions(each, definition, `handshakes[${index}]`)),
  ];
}
