import { gunzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventJson, signed } from '../support/generic-event.ts';
import { startInbox } from '../support/inbox.ts';
import { anyText, PROPERTY_TIMEOUT_MS, runs } from '../support/property.ts';

// Guards the contract of the generic provider: every stored event has its fields.

const valid = eventJson();

describe('A source of the generic provider', () => {
  const fields = fc.record(
    {
      event_id: fc.oneof(anyText({ maxLength: 70 }), fc.jsonValue()),
      user_id: fc.oneof(anyText({ maxLength: 70 }), fc.jsonValue()),
      action: fc.oneof(anyText({ maxLength: 40 }), fc.jsonValue()),
      timestamp: fc.oneof(fc.constant(JSON.parse(String(valid)).timestamp), fc.integer(), fc.jsonValue()),
      more: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fields.map((event) => Buffer.from(JSON.stringify(event))),
    fields.map(({ event_id, more }) => eventJson({ event_id, more })),
    fc.nat({ max: valid.length - 1 }).chain((at) =>
      fc.nat({ max: 255 }).map((byte) => {
        const changed = Buffer.from(valid);
        changed[at] = byte;
        return changed;
      }),
    ),
  );

  it(
    'answers no 5xx and stores exactly what it answers `processed`, whatever bytes are signed',
    async () => {
      await using inbox = await startInbox();
      const processed = new Set<string>();
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          const { status, text } = await inbox.post(signed(body));
          expect([200, 400, 409, 422]).toContain(status);
          const answer = JSON.parse(text);
          if (answer.status === 'processed') processed.add(`partner#${answer.event_id}`);
        }),
        runs(100),
      );
      const items = await inbox.items();
      expect(items).not.toEqual([]);
      expect(new Set(items.map(({ id }) => id?.S))).toEqual(processed);
      for (const { payload } of items) expect(isValid(JSON.parse(textOf(payload)))).toBe(true);
    },
    PROPERTY_TIMEOUT_MS,
  );

  const textOf = (payload?: AttributeValue) => payload?.S ?? gunzipSync(payload?.B ?? '').toString();

  /** The contract of the generic provider, written here without the code under test. */
  function isValid({ event_id, user_id, action, timestamp }: Record<string, unknown>): boolean {
    return isText(event_id, 64) && isText(user_id, 64) && isText(action, 32) && Number.isInteger(timestamp);
  }

  const isText = (value: unknown, max: number) =>
    typeof value === 'string' && value !== '' && value.isWellFormed() && [...value].length <= max;
});
