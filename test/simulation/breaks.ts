import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Invariant } from './ledger.ts';

/** A fault that is put into the code, so that the simulation can show that it finds it. */
export interface Break {
  /** What the code does wrong. */
  readonly fault: string;
  /** Whether an earlier version of the code had this fault. */
  readonly wasReal?: true;
  /** The invariants that it breaks, one of which must be found broken. */
  readonly breaks: readonly Invariant[];
  /** Changes of the source, by file. */
  readonly changes: readonly Change[];
}

/** A change of the source. */
interface Change {
  /** From the folder of the project. */
  readonly file: string;
  /** A piece of the source that is there once. */
  readonly from: string;
  readonly to: string;
}

const change = (file: string, from: string, to: string): Change => ({ file, from, to });

/** The breaks by name. */
export const BREAKS: Readonly<Record<string, Break>> = {
  'secret-lost-in-outage': {
    fault: 'A secret is not used while Secrets Manager has been down for more than 5 minutes.',
    wasReal: true,
    breaks: ['a genuine delivery is refused only for a reason'],
    changes: [
      change('lambda/secrets/cached-secrets.ts', 'usableUntil: now + usableFor', 'usableUntil: now + timeToLive'),
    ],
  },
  'read-per-forgery': {
    fault: 'While Secrets Manager is down, each forgery reads the secret.',
    wasReal: true,
    breaks: ['reads of secrets are bounded'],
    changes: [
      change('lambda/secrets/cached-secrets.ts', 'const retryAt = clock() + refreshInterval;', 'const retryAt = 0;'),
    ],
  },
  'slow-refresh': {
    fault: 'After a read, a new secret is not looked for during 30 seconds.',
    wasReal: true,
    breaks: ['a genuine delivery is refused only for a reason'],
    changes: [change('lambda/secrets/cached-secrets.ts', 'since: now - refreshInterval', 'since: now - 30_000')],
  },
  'rejection-without-secret': {
    fault: 'A signature that does not match is rejected though the secret cannot be read again.',
    wasReal: true,
    breaks: ['a genuine delivery is refused only for a reason'],
    changes: [
      change(
        'lambda/cache/stale-if-error-cache.ts',
        "return 'value' in reading ? reading.value : reading.failure;\n    },\n  };",
        "return 'value' in reading ? reading.value : (entry?.value ?? reading.failure);\n    },\n  };",
      ),
    ],
  },
  'grace-from-creation': {
    fault: 'The grace of the previous secret counts from the creation of the current one, though that was staged.',
    wasReal: true,
    breaks: ['a genuine delivery is refused only for a reason'],
    changes: [change('lambda/secrets/rotation-times.ts', 'return isStaged ? now : createdAt;', 'return createdAt;')],
  },
  'shared-fetch-budget': {
    fault: 'All fetches of certificates share ten a minute, and a certificate is dropped after an hour.',
    wasReal: true,
    breaks: ['a genuine delivery is refused only for a reason'],
    changes: [
      change(
        'lambda/signature/certificates.ts',
        'const budgets = new Map<string, FetchBudget>();',
        'const budgets = new Map<string, FetchBudget>(); let fetches: number[] = [];',
      ),
      change(
        'lambda/signature/certificates.ts',
        'if (!known && !isWithinBudget(request.url, now))',
        'fetches = [...fetches.filter((at) => at > now - 60_000), now]; if (fetches.length > 10 || isWithinBudget.length === 0)',
      ),
      change(
        'lambda/signature/certificates.ts',
        'usableUntil: validTo };',
        'usableUntil: Math.min(now + FRESH_MS, validTo) };',
      ),
    ],
  },
  'refusal-forgotten': {
    fault: 'That a certificate is refused is not remembered.',
    wasReal: true,
    breaks: ['fetches of certificates are bounded'],
    changes: [
      change('lambda/signature/certificates.ts', 'const FAILED_MS = 60_000;', 'const FAILED_MS = 0;'),
      change(
        'lambda/signature/certificates.ts',
        'if (!known && !isWithinBudget(request.url, now))',
        'if (!known && budgets.size < 0 && !isWithinBudget(request.url, now))',
      ),
    ],
  },
  'certificate-lost-in-outage': {
    fault: 'A certificate is dropped after an hour, though its host is down.',
    wasReal: true,
    breaks: ['a genuine delivery is refused only for a reason'],
    changes: [
      change(
        'lambda/signature/certificates.ts',
        'usableUntil: validTo };',
        'usableUntil: Math.min(now + FRESH_MS, validTo) };',
      ),
    ],
  },
  'unbounded-fetches': {
    fault: 'Every unknown certificate is fetched.',
    breaks: ['fetches of certificates are bounded'],
    changes: [
      change(
        'lambda/signature/certificates.ts',
        'if (!known && !isWithinBudget(request.url, now))',
        'if (!known && budgets.size < 0 && !isWithinBudget(request.url, now))',
      ),
    ],
  },
  'refusal-retried': {
    fault: 'What the event bus refuses for good is put again and again.',
    wasReal: true,
    breaks: ['every stored event is forwarded', 'puts of events are bounded'],
    changes: [
      change(
        'lambda/forwarder/eventbridge-bus.ts',
        'isPermanent: PERMANENT.has(code), cause: new',
        'isPermanent: false, cause: new',
      ),
    ],
  },
  'no-overflow': {
    fault: 'What could not be stored is not queued.',
    wasReal: true,
    breaks: ['a genuine delivery is refused only for a reason'],
    changes: [
      change(
        'lambda/receiver/middleware/store-events.ts',
        'if (unstored.length === 0 || (await overflow.send(unstored, deadline))) return outcomes;',
        'if (unstored.length >= 0 || !overflow || !deadline) return outcomes;',
      ),
    ],
  },
  'overflow-forgotten': {
    fault: 'The overflow function takes a message for done that it could not store.',
    breaks: ['what was acknowledged is durable'],
    changes: [change('lambda/overflow/overflow.ts', 'failed.push(record);', 'failed.length = 0;')],
  },
  'queued-before-sent': {
    fault: 'An event is acknowledged though the overflow queue did not take it.',
    breaks: ['what was acknowledged is durable'],
    changes: [change('lambda/overflow-queue/sqs-overflow-queue.ts', 'return { unavailable };', 'return undefined;')],
  },
  'item-before-object': {
    fault: 'An item names an object that was not written.',
    breaks: ['what was acknowledged is durable'],
    changes: [
      change(
        'lambda/storage/store-judgement.ts',
        'const outcome = object && (await payloads.put(object, deadline));',
        'const outcome = object && payloads && deadline < 0 ? { unavailable: object } : undefined;',
      ),
    ],
  },
  'dead-letter-missing': {
    fault: 'An event that the bus refuses is dropped without a dead letter.',
    breaks: ['every stored event is forwarded'],
    changes: [
      change('lambda/forwarder/forwarder.ts', 'await deadLetters.send({ id, table: options.tableName, reason });', ''),
    ],
  },
  'forwarding-forgotten': {
    fault: 'Records that could not be forwarded are not named as failed.',
    breaks: ['every stored event is forwarded'],
    changes: [change('lambda/forwarder/forwarder.ts', '[{ itemIdentifier: failed.sequenceNumber }]', '[]')],
  },
  'expired-item-blocks': {
    fault: 'An item that has expired and is not deleted yet blocks its id.',
    breaks: ['a genuine delivery is refused only for a reason', 'what was acknowledged is durable'],
    changes: [
      change(
        'lambda/events/dynamodb-event-store.ts',
        'attribute_not_exists(id) OR expires_at < :now',
        'attribute_not_exists(id)',
      ),
    ],
  },
  'put-without-condition': {
    fault: 'An item replaces a live one of the same id.',
    breaks: ['no live item is overwritten'],
    changes: [
      change(
        'lambda/events/dynamodb-event-store.ts',
        "ConditionExpression: 'attribute_not_exists(id) OR expires_at < :now',",
        '',
      ),
    ],
  },
  'failure-acknowledged': {
    fault: 'A write that fails is taken for done.',
    breaks: ['what was acknowledged is durable'],
    changes: [
      change(
        'lambda/events/dynamodb-event-store.ts',
        'return { unavailable: error };',
        "return { status: 'processed' };",
      ),
    ],
  },
  'any-signature': {
    fault: 'A signature that does not match is accepted once the secret was read again.',
    breaks: ['nothing forged is stored or forwarded'],
    changes: [
      change(
        'lambda/receiver/middleware/verify-signature.ts',
        "if (verdict !== 'valid') throw refusal(verdict);",
        "if (verdict !== 'valid' && verdict !== 'mismatch') throw refusal(verdict);",
      ),
    ],
  },
  'no-deadline': {
    fault: 'A write waits for the table however long it takes.',
    breaks: ['a delivery is answered within its time'],
    changes: [
      change(
        'lambda/events/dynamodb-event-store.ts',
        '{ abortSignal: limit.signal }',
        '{ abortSignal: AbortSignal.any([]) }',
      ),
      change('lambda/aws/client-limits.ts', 'requestTimeout: 700', 'requestTimeout: 9_000'),
    ],
  },
};

const ROOT = new URL('../../', import.meta.url);

/** Puts a break into every module that is imported from now on, in this thread. @throws {Error} if the source has changed */
export function installBreak({ changes }: Break): void {
  for (const each of changes) checkSource(each);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const own = changes.filter(({ file }) => url === new URL(file, ROOT).href);
      const source = own.reduce((text, { from, to }) => text.replace(from, () => to), String(loaded.source ?? ''));
      return own.length > 0 ? { ...loaded, source } : loaded;
    },
  });
}

function checkSource({ file, from }: Change): void {
  const occurrences = readFileSync(fileURLToPath(new URL(file, ROOT)), 'utf8').split(from).length - 1;
  if (occurrences !== 1) throw new Error(`${file} has this ${occurrences} times: ${from}`);
}
