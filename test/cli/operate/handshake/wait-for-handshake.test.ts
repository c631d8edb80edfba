import { EventEmitter, on } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../../cli/deliveries/delivery-log.ts';
import { awaitSecret } from '../../../../cli/operate/handshake/awaited-secret.ts';
import { generateHandshakeKeyPair } from '../../../../cli/operate/handshake/handshake-key-pair.ts';
import { waitForHandshake } from '../../../../cli/operate/handshake/wait-for-handshake.ts';
import type { SecretStore } from '../../../../cli/operate/secret-store.ts';
import { isHandshakeKey } from '../../../../lambda/secrets/handshake-key.ts';
import { sealSecret } from '../../../../lambda/signature/seal-secret.ts';

const SECRET = 'secret_of-the-provider';
const ATTACKERS = 'secret_of-the-attacker';
const pair = await generateHandshakeKeyPair();
const others = await generateHandshakeKeyPair();

/** A store as Secrets Manager is: with all versions, of which the last two have names. */
function memoryStore(...versions: string[]) {
  const store: SecretStore = {
    name: 'Hooks/Inbox/tasks',
    read: async () => versions.at(-1),
    readPrevious: async () => versions.at(-2),
    async put(secret) {
      if (versions.at(-1) === secret) return false;
      versions.push(secret);
      return true;
    },
  };
  return { store, versions };
}

let requests = 0;
const delivery = (sealedSecret: string | undefined, time = Date.now()): Delivery => ({
  time,
  requestId: `request-${++requests}`,
  source: 'tasks',
  provider: 'asana',
  status: 200,
  outcome: 'handshake',
  events: [],
  more: 0,
  bytes: 2,
  durationMs: 1,
  usedPreviousSecret: false,
  sealedSecret,
});

/** What happens to the command. It is over when the command has dealt with it. */
type Step = (command: {
  /** The key in the store. */
  readonly key: string;
  /** A handshake arrives. */
  readonly arrive: (sealedSecret: string | undefined, time?: number) => Promise<void>;
  /** The operator types a line. */
  readonly type: (line: string) => Promise<void>;
  /** The operator presses Ctrl-C. */
  readonly interrupt: () => void;
}) => unknown;

const sealed =
  (secret: string): Step =>
  ({ arrive, key }) =>
    arrive(sealSecret(secret, key));
const types =
  (line: string): Step =>
  ({ type }) =>
    type(line);
const interrupts: Step = ({ interrupt }) => interrupt();

/** A list whose items are sent while it is read. Sending ends when the reader asks for the next item, or ends. */
function live<T>() {
  const emitter = new EventEmitter();
  return {
    send: (item: T) => new Promise<void>((resolve) => void emitter.emit('item', item, resolve)),
    async *read(signal?: AbortSignal): AsyncGenerator<T> {
      try {
        for await (const [item, taken] of on(emitter, 'item', { signal })) {
          try {
            yield item;
          } finally {
            taken();
          }
        }
      } catch (error) {
        if (!signal?.aborted) throw error;
      }
    },
  };
}

async function* since(from: number, deliveries: AsyncIterable<Delivery>) {
  for await (const each of deliveries) if (each.time >= from) yield each;
}

/** Runs the command through these steps. */
async function wait(
  { store }: ReturnType<typeof memoryStore>,
  steps: readonly Step[],
  { isTerminal = true, isCreatedByInbox = true }: Partial<WaitChoices> = {},
) {
  const printed: string[] = [];
  const interrupted = new AbortController();
  const [arrivals, lines] = [live<Delivery>(), live<string>()];
  const awaited = await awaitSecret({ source: 'tasks', store, isCreatedByInbox, pair });
  const key = (await store.read()) ?? '';
  const running = waitForHandshake({
    source: 'tasks',
    pair,
    awaited,
    print: (text) => printed.push(text),
    signal: interrupted.signal,
    answers: isTerminal ? lines.read() : undefined,
    deliveries: { list: () => arrivals.read(), follow: (query, signal) => since(query.from, arrivals.read(signal)) },
  });
  const command = {
    key,
    arrive: (sealedSecret: string | undefined, time?: number) => arrivals.send(delivery(sealedSecret, time)),
    type: lines.send,
    interrupt: () => interrupted.abort(),
  };
  for (const step of steps) await Promise.race([step(command), running]);
  return { isStored: await running, text: printed.join('\n') };
}

interface WaitChoices {
  readonly isTerminal: boolean;
  readonly isCreatedByInbox: boolean;
}

describe('secret --from-handshake', () => {
  it('stores the secret that the operator chooses, as a rotation of the one before', async () => {
    const inbox = memoryStore('older', 'the present secret');
    const { isStored, text } = await wait(inbox, [sealed(SECRET), types('1')]);
    expect(isStored).toBe(true);
    expect(text).toMatch(new RegExp(`^1  ${SECRET}   at .*, request request-\\d+$`, 'm'));
    expect(inbox.versions.slice(-2)).toEqual(['the present secret', SECRET]);
    expect(isHandshakeKey(inbox.versions[2] ?? '')).toBe(true);
  });

  it("lists an attacker's secret beside the right one, and stores only the chosen one", async () => {
    const inbox = memoryStore('older', 'the present secret');
    const { text } = await wait(inbox, [sealed(ATTACKERS), sealed(SECRET), sealed(ATTACKERS), types('2')]);
    expect(text).toMatch(new RegExp(`^1  ${ATTACKERS} .*\n2  ${SECRET} .*\nA handshake came again`, 'm'));
    expect(inbox.versions.at(-1)).toBe(SECRET);
    expect(inbox.versions).not.toContain(ATTACKERS);
  });

  it.each(['', '0', '2', '-1', '1 2', 'yes', SECRET, '1e0', '9'.repeat(40)])(
    'stores nothing for the answer %j, and the former secret is back at the end',
    async (answer) => {
      const inbox = memoryStore('older', 'the present secret');
      const { isStored, text } = await wait(inbox, [sealed(SECRET), types(answer), interrupts]);
      expect(isStored).toBe(false);
      expect(inbox.versions.at(-1)).toBe('the present secret');
      expect(inbox.versions).not.toContain(SECRET);
      expect(text).toMatch(/Hooks\/Inbox\/tasks has its former secret again\.$/);
    },
  );

  it('lists at most 20 secrets, so that a flood cannot hide one, and does not renumber them', async () => {
    const flood = Array.from({ length: 40 }, (_, index) => sealed(`flood-of-secrets-${index}`));
    const inbox = memoryStore('older', 'the present secret');
    const { text } = await wait(inbox, [sealed(SECRET), ...flood, types('1')]);
    expect(text.split('\n').filter((line) => /^\d+ {2}/.test(line))).toHaveLength(20);
    expect(text).toMatch(/More than 20 secrets came/);
    expect(inbox.versions.at(-1)).toBe(SECRET);
  });

  it('explains a handshake that came before the receiver had read the key, and one for another key', async () => {
    const inbox = memoryStore('older', 'the present secret');
    const replayed: Step = ({ arrive }) => arrive(sealSecret(ATTACKERS, others.publicKey));
    const garbage: Step = ({ arrive }) => arrive('AAAA');
    const early: Step = ({ arrive }) => arrive(undefined);
    const { text } = await wait(inbox, [early, replayed, garbage, types('1'), interrupts]);
    expect(text).toMatch(/came before the receiver had read the key/);
    expect(text).toMatch(/sealed for another key/);
    expect(text).toMatch(/not the number of a secret/);
    expect(text).not.toContain(ATTACKERS);
    expect(inbox.versions.at(-1)).toBe('the present secret');
  });

  it('stores nothing if somebody else has changed the secret meanwhile, and leaves that', async () => {
    const inbox = memoryStore('older', 'the present secret');
    const change: Step = () => inbox.store.put(`handshake-key:${others.publicKey}`);
    await expect(wait(inbox, [sealed(SECRET), change, types('1')])).rejects.toThrow(
      /was changed .* Nothing was stored/,
    );
    expect(inbox.versions.at(-1)).toBe(`handshake-key:${others.publicKey}`);
    expect(inbox.versions).not.toContain(SECRET);
  });

  it('prints the first secret and stores nothing without a terminal', async () => {
    const inbox = memoryStore('older', 'the present secret');
    const { isStored, text } = await wait(inbox, [sealed(SECRET)], { isTerminal: false });
    expect(isStored).toBe(false);
    expect(text).toContain(SECRET);
    expect(inbox.versions.at(-1)).toBe('the present secret');
  });

  it('takes the random value of a new source for no secret: without a choice, the source still waits', async () => {
    const inbox = memoryStore('random');
    const { text } = await wait(inbox, [interrupts]);
    expect(text).toMatch(/tasks had no secret before\. It waits for its handshake/);
    expect(inbox.versions.at(-1)).toMatch(/^handshake-key:first:/);
    await wait(inbox, [sealed(SECRET), types('1')]);
    expect(inbox.versions.at(-1)).toBe(SECRET);
    expect(inbox.versions.filter((each) => each === 'random')).toHaveLength(1);
  });

  it('does not lose the secret of a source if the command before was killed', async () => {
    const inbox = memoryStore('older', 'the present secret');
    await awaitSecret({ source: 'tasks', store: inbox.store, isCreatedByInbox: true, pair: others });
    await wait(inbox, [interrupts]);
    expect(inbox.versions.at(-1)).toBe('the present secret');
    await awaitSecret({ source: 'tasks', store: inbox.store, isCreatedByInbox: true, pair: others });
    await wait(inbox, [sealed(SECRET), types('1')]);
    expect(inbox.versions.slice(-2)).toEqual(['the present secret', SECRET]);
  });

  it('does not lose the secret of a source either if several commands were killed', async () => {
    const inbox = memoryStore('older', 'the present secret');
    for (const keys of [others, pair, others]) {
      await awaitSecret({ source: 'tasks', store: inbox.store, isCreatedByInbox: true, pair: keys });
      expect(inbox.versions.at(-2)).toBe('the present secret');
    }
    await wait(inbox, [interrupts]);
    expect(inbox.versions.at(-1)).toBe('the present secret');
  });

  it('shows a secret although the clock of this machine is ahead, and ignores handshakes of before', async () => {
    const inbox = memoryStore('older', 'the present secret');
    const before = Date.now() - 30_000;
    const earlier: Step = ({ arrive }) => arrive(undefined, before);
    const late: Step = ({ arrive, key }) => arrive(sealSecret(SECRET, key), before);
    const { text } = await wait(inbox, [earlier, late, types('1')]);
    expect(text).not.toMatch(/came before/);
    expect(inbox.versions.at(-1)).toBe(SECRET);
  });

  it('explains what to do if the former secret cannot be put back', async () => {
    const inbox = memoryStore('older', 'the present secret');
    const { put } = inbox.store;
    let puts = 0;
    const store: SecretStore = {
      ...inbox.store,
      put: (secret) => (++puts > 1 ? Promise.reject(new Error('unreachable')) : put(secret)),
    };
    await expect(wait({ ...inbox, store }, [interrupts])).rejects.toThrow(
      /still has the key of this command\. Its former secret is the version before that one\. Store the secret again: .*secret -- tasks/,
    );
  });
});
