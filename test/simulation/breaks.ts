import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A fault that is put into the code, so that the simulation can show that it finds it. */
export interface Break {
  /** What the code does wrong. */
  readonly fault: string;
  /** Changes of the source, by file. */
  readonly changes: readonly Change[];
}

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
    changes: [
      change('lambda/secrets/cached-secrets.ts', 'usableUntil: now + usableFor', 'usableUntil: now + timeToLive'),
    ],
  },
  'read-per-forgery': {
    fault: 'While Secrets Manager is down, each forgery reads the secret.',
    changes: [
      change('lambda/secrets/cached-secrets.ts', 'const retryAt = clock() + refreshInterval;', 'const retryAt = 0;'),
    ],
  },
  'slow-refresh': {
    fault: 'After a read, a new secret is not looked for during 30 seconds.',
    changes: [change('lambda/secrets/cached-secrets.ts', 'since: now - refreshInterval', 'since: now - 30_000')],
  },
  'rejection-without-secret': {
    fault: 'A signature that does not match is rejected though the secret cannot be read again.',
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
    changes: [change('lambda/secrets/rotation-times.ts', 'return isStaged ? now : createdAt;', 'return createdAt;')],
  },
  'shared-fetch-budget': {
    fault: 'All fetches of certificates share ten a minute, known ones too.',
    changes: [
      change(
        'lambda/signature/certificates.ts',
        'const budgets = new Map<string, FetchBudget>();',
        'const budgets = new Map<string, FetchBudget>(); let fetches: number[] = [];',
      ),
      change(
        'lambda/signature/certificates.ts',
        "if (!known && !isWithinBudget(request.url, now)) return { failure: 'unavailable', retryAt: now };",
        "fetches = fetches.filter((at) => at > now - 60_000); if (fetches.push(now) > 10) return { failure: 'unavailable', retryAt: now };",
      ),
    ],
  },
  'certificate-lost-in-outage': {
    fault: 'A certificate is dropped after an hour, though its host is down.',
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
    changes: [
      change(
        'lambda/signature/certificates.ts',
        'if (!known && !isWithinBudget(request.url, now))',
        'if (budgets.size < 0)',
      ),
    ],
  },
  'refusal-retried': {
    fault: 'What the event bus refuses for good is put again and again.',
    changes: [
      change(
        'lambda/forwarder/eventbridge-bus.ts',
        'isPermanent: PERMANENT.has(code), cause: new',
        'isPermanent: false, cause: new',
      ),
    ],
  },
  'forwarding-forgotten': {
    fault: 'Records that could not be forwarded are not named as failed.',
    changes: [change('lambda/forwarder/forwarder.ts', 'again.push(event.sequenceNumber);', 'again.length = 0;')],
  },
  'expired-item-blocks': {
    fault: 'An item that has expired and is not deleted yet blocks its id.',
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
    changes: [
      change(
        'lambda/events/dynamodb-event-store.ts',
        '{ abortSignal: limit.signal }',
        '{ abortSignal: AbortSignal.any([]) }',
      ),
      change('lambda/aws/client-limits.ts', 'requestTimeout: 1_000', 'requestTimeout: 9_000'),
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
