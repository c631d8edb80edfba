import { readFileSync } from 'node:fs';
import type { ProviderName } from '../../lambda/providers/index.ts';
import { readSamples } from '../../samples/sample.ts';

/** An event that must be found in a request; texts may hold placeholders for times. */
export interface ExpectedEvent {
  readonly id: string;
  readonly type?: string;
  /** ISO 8601. */
  readonly occurredAt?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A request before it is signed. */
export interface VectorRequest {
  readonly name?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly events: readonly ExpectedEvent[];
  /** Whether the provider sends it again after a failure. If not, the same words are another event. @default true */
  readonly isRetried?: boolean;
}

/** A request that was signed elsewhere. */
export interface RecordedRequest extends VectorRequest {
  /** Where the signature comes from. */
  readonly source: string;
  readonly clock: string;
  readonly secret: string;
  /** The URL that was signed. */
  readonly url?: string;
  readonly query?: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** The certificate that the provider published at the URL in the request: PEM. */
  readonly certificate?: string;
}

/** A handshake. */
export interface VectorHandshake {
  readonly name: string;
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signed: boolean;
  /** The secret that the answer depends on, if it depends on one. */
  readonly secret?: string;
  readonly answer: {
    readonly status: number;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** The samples of a provider with the events that must be found in them, and its vectors. */
export interface Vector {
  /** The first of the samples. */
  readonly sample: VectorRequest;
  readonly samples: readonly VectorRequest[];
  readonly variants: readonly VectorRequest[];
  readonly recorded: readonly RecordedRequest[];
  readonly handshakes: readonly VectorHandshake[];
}

/** The content of test/vectors/<provider>.json. */
interface VectorFile extends Partial<Pick<Vector, 'variants' | 'recorded' | 'handshakes'>> {
  /** The events of each sample, by the sample's name. */
  readonly events: Readonly<Record<string, readonly ExpectedEvent[]>>;
}

export function readVector(provider: ProviderName): Vector {
  const file = new URL(`../vectors/${provider}.json`, import.meta.url);
  const { events, variants = [], recorded = [], handshakes = [] }: VectorFile = JSON.parse(readFileSync(file, 'utf8'));
  const samples = Object.entries(readSamples(provider)).map(([name, sample]) => {
    return { name, ...sample, events: eventsOf(events, name) };
  });
  const [sample] = samples;
  if (!sample) throw new Error(`samples/${provider}.json holds no sample.`);
  return { sample, samples, variants, recorded, handshakes };
}

function eventsOf(events: VectorFile['events'], sample: string): readonly ExpectedEvent[] {
  const expected = events[sample];
  if (!expected) throw new Error(`No events are expected in the sample ${sample}.`);
  return expected;
}
