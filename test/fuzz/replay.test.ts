import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { fillIn } from '../../samples/sample.ts';
import { PROPERTY_TIMEOUT_MS, runs } from '../support/property.ts';
import { NOW, type ProviderInbox, providerInbox } from '../support/provider-inbox.ts';
import { readVector, type VectorRequest } from '../support/vectors.ts';

// Guards the replay protection: a captured request is never processed a second time, whenever it is replayed, whatever the
// retention, and whether or not its expired item is deleted. It holds for each provider whose signature covers a time.

const SKEW_MS = 300_000;

const names = (Object.keys(providers) as ProviderName[]).filter((name) => {
  const { signature, eventTime } = providers[name]();
  return signature.toleranceSeconds !== undefined || eventTime?.isSigned;
});

/** A request whose event has a time, and its body with that time in place of every placeholder. */
function requestOf(name: ProviderName, eventTime: number): readonly [VectorRequest, Buffer] {
  const { samples, variants } = readVector(name);
  const requests = [...samples, ...variants];
  const timed = requests.find(({ body, events }) => events[0]?.occurredAt && body.includes('{{')) ?? requests[0];
  if (!timed) throw new Error(`${name} has no sample.`);
  const body = timed.body.replaceAll(/\{\{today:date\}\}T[\d:.]+Z?/g, '{{now:iso}}').replaceAll('{{today:', '{{now:');
  return [timed, Buffer.from(fillIn(body, eventTime))];
}

async function isProcessed(inbox: ProviderInbox, request: Parameters<ProviderInbox['deliver']>[0]): Promise<boolean> {
  await inbox.deliver(request);
  return inbox.reports.at(-1)?.events.some(({ status }) => status === 'processed') ?? false;
}

/** What DynamoDB's time to live does in its own time. */
function sweep({ items, clock }: ProviderInbox): void {
  const live = items.filter(({ expires_at }) => expires_at * 1000 >= clock.now);
  items.splice(0, items.length, ...live);
}

/** Milliseconds, of which some are at a boundary: of the retention, the tolerance, or both with clocks that differ. */
function gaps(boundaries: readonly number[]): fc.Arbitrary<number> {
  const near = boundaries.flatMap((boundary) => [boundary - 1, boundary, boundary + 1, boundary + 1_000]);
  return fc.oneof(fc.constantFrom(...near.map((gap) => Math.max(0, gap))), fc.nat({ max: 4_000_000_000 }));
}

describe('A captured request is never processed a second time', () => {
  it.each(names)(
    'by %s',
    async (name) => {
      const { signature } = providers[name]();
      const keys = signature.generateKeys();
      const tolerance = (signature.toleranceSeconds ?? 0) * 1000;
      const ahead = Math.min(tolerance, SKEW_MS);
      const runOf = fc.constantFrom(1, 60, 3_600, 86_400, 2_592_000).chain((retentionSeconds) => {
        const retention = retentionSeconds * 1000;
        const isTransmissionSigned = signature.toleranceSeconds !== undefined;
        return fc.record({
          retentionSeconds: fc.constant(retentionSeconds),
          // How old the event is when it arrives, and how long ago the request was signed.
          eventAge: isTransmissionSigned ? fc.constant(0) : fc.integer({ min: -SKEW_MS, max: retention - 1_000 }),
          signedAge: fc.integer({ min: -ahead, max: Math.max(0, tolerance - 1_000) }),
          replays: fc.array(
            fc.record({
              gap: gaps([0, retention, tolerance, tolerance + ahead, retention + SKEW_MS]),
              isSwept: fc.boolean(),
            }),
            { minLength: 1, maxLength: 5 },
          ),
        });
      });
      const property = fc.asyncProperty(runOf, async ({ retentionSeconds, eventAge, signedAge, replays }) => {
        const inbox = providerInbox({ provider: name, keys, retentionSeconds });
        const [request, body] = requestOf(name, NOW - eventAge);
        inbox.clock.now = NOW - signedAge;
        const captured = inbox.sign(request, keys.signing, body);
        inbox.clock.now = NOW;
        expect(await isProcessed(inbox, captured)).toBe(true);
        for (const { gap, isSwept } of replays) {
          inbox.clock.now += gap;
          if (isSwept) sweep(inbox);
          expect(await isProcessed(inbox, captured)).toBe(false);
        }
      });
      await fc.assert(property, runs(25));
    },
    PROPERTY_TIMEOUT_MS,
  );
});
