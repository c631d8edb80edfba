import type { Delivery, DeliveryLog } from '../../deliveries/delivery-log.ts';
import { localTime } from '../../times.ts';
import type { AwaitedSecret } from './awaited-secret.ts';
import { type Handshake, handedOutSecrets, MAX_LISTED } from './handed-out-secrets.ts';
import type { HandshakeKeyPair } from './handshake-key-pair.ts';

/** What waiting for a handshake takes. */
export interface WaitOptions {
  /** Name of the source. */
  readonly source: string;
  readonly pair: HandshakeKeyPair;
  readonly awaited: AwaitedSecret;
  readonly deliveries: DeliveryLog;
  /** The lines that the operator types; undefined without a terminal, where the first secret ends the command. */
  readonly answers: AsyncIterable<string> | undefined;
  /** Prints what the operator reads. */
  readonly print: (text: string) => void;
  /** Ends the command without storing anything. */
  readonly signal: AbortSignal;
}

/**
 * Shows each secret that a handshake hands out, until the operator chooses one, or ends the command.
 * @returns whether a secret was stored; if not, the former one was put back
 * @throws {UsageError} if the log cannot be read, or the secret cannot be stored
 */
export async function waitForHandshake(options: WaitOptions): Promise<boolean> {
  const { awaited, print, signal } = options;
  const secrets = handedOutSecrets(options.pair);
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  let chosen: string | undefined;
  try {
    const waits: Promise<string | undefined>[] = [show(options, secrets, either)];
    if (options.answers) waits.push(choose(options.answers, secrets, options));
    chosen = await Promise.race([...waits, aborted(signal)]);
    if (chosen !== undefined) await awaited.save(chosen);
    return chosen !== undefined;
  } catch (error) {
    chosen = undefined;
    throw error;
  } finally {
    ended.abort();
    if (chosen === undefined) print(await awaited.restore());
  }
}

/** How far the clock of this machine may be ahead of that of the log, in milliseconds. */
const CLOCK_SKEW_MS = 60_000;

type Secrets = ReturnType<typeof handedOutSecrets>;

const aborted = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

/** Shows what comes. Without a terminal, the first secret is the end; nothing is stored unasked. */
async function show(
  { source, deliveries, answers, print }: WaitOptions,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<undefined> {
  const startedAt = Date.now();
  const explain = explainer(print, startedAt);
  const query = { sources: [source], outcomes: ['handshake'] as const, from: startedAt - CLOCK_SKEW_MS };
  for await (const delivery of deliveries.follow(query, signal)) {
    const handshake = secrets.read(delivery);
    if (handshake.kind !== 'new') {
      explain(handshake.kind, delivery);
      continue;
    }
    const { number, secret } = handshake.handedOut;
    print(`${number}  ${secret}   at ${localTime(delivery.time)}, request ${delivery.requestId}`);
    if (!answers) return;
  }
}

/** Explains each kind of handshake once: a stranger may send any number of them. */
function explainer(print: WaitOptions['print'], startedAt: number) {
  const explained = new Set<Handshake['kind']>();
  return (kind: keyof typeof EXPLANATIONS, { time }: Delivery): void => {
    if (explained.has(kind) || time < startedAt) return;
    explained.add(kind);
    print(EXPLANATIONS[kind]);
  };
}

const EXPLANATIONS: Readonly<Record<Exclude<Handshake['kind'], 'new'>, string>> = {
  repeated: 'A handshake came again with a secret that is listed above.',
  unsealed:
    'A handshake came before the receiver had read the key, so its secret cannot be shown. Make the provider send it again.',
  'of another key':
    'A handshake was sealed for another key: somebody else runs this command for the source, or has changed its secret.',
  'too many': `More than ${MAX_LISTED} secrets came: someone sends handshakes to the source. End this with Ctrl-C, restrict the callers of the source, and start again.`,
};

/** Reads lines until one is the number of a secret. */
async function choose(
  answers: AsyncIterable<string>,
  secrets: Secrets,
  { print }: WaitOptions,
): Promise<string | undefined> {
  for await (const line of answers) {
    const answer = line.trim();
    const secret = /^\d{1,3}$/.test(answer) ? secrets.numbered(Number(answer)) : undefined;
    if (secret !== undefined) return secret;
    if (answer) print('That is not the number of a secret above. Nothing was stored.');
  }
  return undefined;
}
