import type { AwsAnswer, AwsService } from './aws-transport.ts';
import type { Random } from './random.ts';

/** An entry that the bus has. */
export interface ReceivedEntry {
  /** The id of the event's item. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** An event bus of EventBridge. */
export interface SimulatedBus extends AwsService {
  readonly received: readonly ReceivedEntry[];
  /** Every entry that was put, by the id of its item; refused ones too. */
  readonly puts: ReadonlyMap<string, readonly number[]>;
}

interface RequestEntry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** The bus refuses every detail that holds this text. */
export const REFUSED_TEXT = 'no-bus-takes-this';

const MAX_ENTRIES = 10;
const MAX_BYTES = 1_048_576;
/** The share of entries that fail while the service is well. */
const FAILING = 0.002;

/** Makes a bus that refuses what EventBridge refuses. */
export function simulatedBus(now: () => number, random: Random): SimulatedBus {
  const received: ReceivedEntry[] = [];
  const puts = new Map<string, number[]>();

  function take({ Detail }: RequestEntry): AwsAnswer {
    const id = idOf(Detail);
    puts.set(id, [...(puts.get(id) ?? []), now()]);
    if (isMalformed(Detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    if (random.chance(FAILING)) return { ErrorCode: 'InternalFailure', ErrorMessage: 'failed' };
    received.push({ id, at: now() });
    return { EventId: `${received.length}` };
  }

  return {
    name: 'bus',
    received,
    puts,
    answer({ operation, input }) {
      const entries = input.Entries as RequestEntry[];
      if (operation !== 'PutEvents') return { __type: 'AccessDeniedException', message: operation };
      const bytes = entries.reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0);
      if (entries.length > MAX_ENTRIES || bytes > MAX_BYTES) return { __type: 'ValidationException', message: 'size' };
      const results = entries.map(take);
      return { Entries: results, FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length };
    },
  };
}

function idOf(detail: string): string {
  return /"id":"((?:[^"\\]|\\.)*)"/.exec(detail)?.[1] ?? '';
}

/**
 * Whether EventBridge refuses a detail: it is no JSON object, or holds an integer beyond 64 bits.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
function isMalformed(detail: string): boolean {
  if (!detail.startsWith('{') || detail.includes(REFUSED_TEXT)) return true;
  return (withoutStrings(detail).match(/-?\d{19,}(?![\d.eE])/g) ?? []).some((digits) => !isInt64(BigInt(digits)));
}

const withoutStrings = (json: string) => json.replace(/"(?:[^"\\]|\\.)*"/g, '""');

const isInt64 = (integer: bigint) => BigInt.asIntN(64, integer) === integer;
