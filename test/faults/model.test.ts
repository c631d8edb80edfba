import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { it } from '@jest/globals';
import fc from 'fast-check';
import { afterwards, FAULTS, once, STALLS } from '../support/faults.ts';
import { type FaultyInbox, startFaultyInbox } from '../support/faulty-inbox.ts';
import { type Behaviour, passOn } from '../support/faulty-server.ts';
import { eventJson, NOW, signatureOf } from '../support/generic-event.ts';
import type { Answer } from '../support/http.ts';
import { TABLE_NAME } from '../support/inbox.ts';
import { PROPERTY_TIMEOUT_MS, replayed, runs } from '../support/property.ts';
import { expectTable, judge, liveItem, type Model, type Sent, TIMES } from './model.ts';

// Guards the guarantees as a whole: whatever is sent in whatever order, the table holds each event that was answered 200
// exactly once, and nothing that was not signed.

type Command = fc.AsyncCommand<Model, FaultyInbox>;

const SOURCES = ['partner', 'other'];
const secretOf = (source: string, generation: number) => `secret ${generation} of ${source}`;

/** The secret that signs a request: counted back from the current one, or one that must never be accepted. */
type Signer = 0 | 1 | 2 | 'stranger' | 'other source' | 'changed afterwards';

interface NewRequest {
  readonly source: string;
  readonly id: number;
  readonly action: string;
  /** The age of the event, in seconds. */
  readonly age: number;
  readonly signer: Signer;
}

function toSent(model: Model, { source, id, action, age, signer }: NewRequest): Sent {
  const eventId = `evt_${id}`;
  const timestamp = Math.floor(model.now / 1000) - age;
  const signed = eventJson({ event_id: eventId, action, timestamp });
  const newest = (model.generations.get(source)?.length ?? 0) - 1;
  const generation = typeof signer === 'number' && signer <= newest ? newest - signer : undefined;
  const foreign =
    signer === 'other source' ? secretOf(SOURCES.find((each) => each !== source) ?? '', newest) : 'stranger';
  const secret = signer === 'changed afterwards' ? secretOf(source, newest) : foreign;
  const body = String(signed).replace('user_42', signer === 'changed afterwards' ? 'user_43' : 'user_42');
  const signature = signatureOf(signed, generation === undefined ? secret : secretOf(source, generation));
  return { source, eventId, timestamp, body, signature, generation };
}

function post(inbox: FaultyInbox, { source, body, signature }: Sent): Promise<Answer> {
  const headers = [
    ['Content-Type', 'application/json'],
    ['X-Signature', signature],
  ] as const;
  return inbox.post({ body, headers }, `/webhooks/${source}`);
}

/** Sends concurrent requests for one id. */
async function send(model: Model, inbox: FaultyInbox, sent: readonly Sent[]): Promise<void> {
  const answers = await Promise.all(sent.map((each) => post(inbox, each)));
  await judge(model, inbox, sent, answers);
}

const command = (name: string, run: Command['run'], check: Command['check'] = () => true): Command => ({
  check,
  run,
  toString: () => name,
});

const deliver = (request: NewRequest) =>
  command(`deliver ${JSON.stringify(request)}`, async (model, inbox) => {
    const sent = toSent(model, request);
    model.sent.push(sent);
    await send(model, inbox, [sent]);
  });

const deliverAtOnce = (requests: readonly NewRequest[]) =>
  command(`deliver at once ${JSON.stringify(requests)}`, async (model, inbox) => {
    const [{ source, id } = { source: '', id: 0 }] = requests;
    const sent = requests.map((each) => toSent(model, { ...each, source, id }));
    model.sent.push(...sent);
    await send(model, inbox, sent);
  });

/** Sends the same bytes again, as a provider's retry and a replay attack do. */
const sendAgain = (back: number, times: number) =>
  command(
    `send again what came ${back} before, ${times} times at once`,
    async (model, inbox) => {
      const sent = model.sent.at(-1 - (back % model.sent.length));
      if (sent)
        await send(
          model,
          inbox,
          Array.from({ length: times }, () => sent),
        );
    },
    ({ sent }) => sent.length > 0,
  );

const rotate = (source: string) =>
  command(`rotate the secret of ${source}`, async (model, { manager }) => {
    const all = model.generations.get(source) ?? [];
    model.generations.set(source, [
      ...all.map((each) => ({ since: each.since, until: each.until ?? model.now })),
      { since: model.now, until: undefined },
    ]);
    putSecrets(manager.versions, source, all.length, model.now);
  });

function putSecrets(versions: FaultyInbox['manager']['versions'], source: string, newest: number, createdAt: number) {
  versions.set(`${source} AWSCURRENT`, { SecretString: secretOf(source, newest), createdAt });
  if (newest > 0) versions.set(`${source} AWSPREVIOUS`, { SecretString: secretOf(source, newest - 1), createdAt: 0 });
}

const wait = (milliseconds: number) =>
  command(`wait ${milliseconds} ms`, async (model, { clock }) => {
    model.now += milliseconds;
    clock.now = model.now;
    if (model.secrets === 'failing') model.secretsFailedAt = model.now;
  });

/** Deletes expired items, as DynamoDB's time to live does later. */
const sweep = command('sweep', async (model, inbox) => {
  for (const key of [...model.items.keys()].filter((each) => !liveItem(model, each))) {
    model.items.delete(key);
    await inbox.dynamodb.client.send(new DeleteItemCommand({ TableName: TABLE_NAME, Key: { id: { S: key } } }));
  }
});

const breakTable = (name: string, table: Model['table'], behaviour: Behaviour) =>
  command(`the table ${name}`, async (model, inbox) => {
    model.table = table;
    inbox.table.behaviour = behaviour;
  });

const breakSecrets = (name: string, behaviour: Behaviour) =>
  command(`Secrets Manager ${name}`, async (model, inbox) => {
    model.secrets = 'failing';
    model.secretsFailedAt = model.now;
    inbox.secrets.behaviour = behaviour;
  });

const recover = command('every fault ends', async (model, inbox) => {
  model.table = 'well';
  model.secrets = 'well';
  inbox.table.behaviour = passOn;
  inbox.secrets.behaviour = passOn;
});

const source = fc.constantFrom(...SOURCES);
const { retention, grace, cached, refresh, skew } = TIMES;

const request: fc.Arbitrary<NewRequest> = fc.record({
  source,
  id: fc.nat({ max: 1 }),
  action: fc.constantFrom('paid', 'void'),
  age: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(1, -skew, -skew - 1, retention - 1, retention, retention + 1) },
  ),
  signer: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Signer>(0) },
    { weight: 2, arbitrary: fc.constant<Signer>(1) },
    { weight: 2, arbitrary: fc.constantFrom<Signer>(2, 'stranger', 'other source', 'changed afterwards') },
  ),
});

const times = [1, 1_000, (refresh - 1) * 1000, refresh * 1000, cached * 1000, grace * 1000 - 1, (retention / 2) * 1000];
// Without faults that make the SDK wait.
const faults = Object.entries(FAULTS).filter(([name]) => !(name in STALLS) && !name.startsWith('throttles'));

const fault = fc.constantFrom(...faults);
const commands: fc.Arbitrary<Command>[] = [
  ...Array.from({ length: 4 }, () => request.map(deliver)),
  fc.array(request, { minLength: 2, maxLength: 5 }).map(deliverAtOnce),
  fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 3 })).map(([back, count]) => sendAgain(back, count)),
  fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 3 })).map(([back, count]) => sendAgain(back, count)),
  source.map(rotate),
  fc.constantFrom(...times).map(wait),
  fc.constantFrom(grace * 1000, (retention + 1) * 1000).map(wait),
  fc.constant(sweep),
  fc.oneof(
    fault.map(([name, each]) => breakTable(name, 'failing', each)),
    fault.map(([name, each]) => breakTable(`${name} after it wrote`, 'losing', afterwards(each))),
    fault.map(([name, each]) => breakTable(`${name} the first time`, 'failing', once(each))),
    fault.map(([name, each]) => breakTable(`${name} after it wrote, the first time`, 'losing', once(afterwards(each)))),
    fault.map(([name, each]) => breakSecrets(name, each)),
  ),
  ...Array.from({ length: 4 }, () => fc.constant(recover)),
];

function emptyModel(): Model {
  return {
    now: NOW,
    items: new Map(),
    processed: new Set(),
    sent: [],
    generations: new Map(SOURCES.map((each) => [each, [{ since: Number.NEGATIVE_INFINITY, until: undefined }]])),
    table: 'well',
    secrets: 'well',
    secretsFailedAt: Number.NEGATIVE_INFINITY,
  };
}

// Four sequences run at a time, since they mostly wait.
it.concurrent.each([1, 2, 3, 4])(
  'No random sequence of deliveries, rotations and faults loses an event, stores one twice or stores an unsigned one (%i)',
  async (seed) => {
    let steps = 0;
    const sequences = fc.commands(commands, { maxCommands: 60, size: 'max', ...replayed });
    const property = fc.asyncProperty(sequences, async (sequence) => {
      await using inbox = await startFaultyInbox({
        retentionSeconds: retention,
        previousSecretGraceSeconds: grace,
      });
      const model = emptyModel();
      for (const each of SOURCES) putSecrets(inbox.manager.versions, each, 0, 0);
      await fc.asyncModelRun(() => ({ model, real: inbox }), sequence);
      await expectTable(model, inbox);
      steps += [...sequence].length;
    });
    await fc.assert(property, runs(4, seed));
    if (process.env.NUM_RUNS) console.info(`${steps} steps`);
  },
  PROPERTY_TIMEOUT_MS,
);
