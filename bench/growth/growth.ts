import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { readOptions, UsageError } from '../../cli/arguments.ts';
import { everySource } from '../../cli/local/every-source.ts';
import { MAX_BODY_BYTES } from '../../lambda/receiver/middleware/read-body.ts';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import type { GrowthPath } from './growth-path.ts';
import { growthReceiver } from './growth-receiver.ts';
import { type Growth, MAX_RATIO, measureGrowth } from './measure-growth.ts';
import { pathsOf } from './paths.ts';

const HELP = `Checks that the work for a request grows at most linearly with its size, for every provider and every part of a
request that can grow: in requests of a forger, which show the work before the signature is verified, and in requests of
the provider. The deployed function's code handles each request in two sizes, with stores that do nothing.
Twice the size may take at most ${MAX_RATIO} times the CPU.

  npm run growth [-- --provider NAME] [--path TEXT]

  --provider NAME  checks this provider alone; may be repeated
  --path TEXT      checks only the paths whose name contains the text

Prints a table: provider, who signs, path, bytes of both sizes, the CPU time in microseconds that each size adds to the
request without it, the ratio of these times, the status of the larger request, and the verdict. "constant" means that
the size adds too little to measure. The exit status is 1 if a path is superlinear. The check takes about five minutes of CPU.`;

/** How each size is measured. */
const MEASURING = { cpu: cpuMicros, rounds: 3, leastMicros: 3_000 };

/** A path of a provider, and how its work grows. */
interface Row {
  readonly provider: string;
  readonly path: GrowthPath;
  readonly growth: Growth;
  /** Status of the response to the larger request. */
  readonly status: number;
}

/** The command `npm run growth`. */
export async function growth(): Promise<void> {
  const values = readOptions(HELP, { provider: { type: 'string', multiple: true }, path: { type: 'string' } });
  if (!values) return;
  const all = new Map(
    [...everySource({}, 'https://hooks.example.com')].map(([name, source]) => [name, patient(source)]),
  );
  const sources = selected(all, values.provider);
  console.log(line('provider', 'signer', 'path', 'bytes', 'µs, half', 'µs, whole', 'ratio', 'status', 'verdict'));
  console.log(line(...'---------'));
  const rows: Row[] = [];
  for (const source of sources) {
    say(`${source.name}, ${rows.length} paths checked`);
    for await (const row of measured(source, all, values.path ?? '')) {
      rows.push(row);
      console.log(inTable(row));
    }
  }
  conclude(rows);
}

/** The limit of a body hides how the work grows, so each source has the largest one. */
const patient = (source: Source): Source => ({ ...source, maxBodyBytes: MAX_BODY_BYTES });

function selected(sources: Sources, names: readonly string[] | undefined): readonly Source[] {
  const unknown = names?.find((name) => !sources.has(name));
  if (unknown !== undefined) throw new UsageError(`There is no provider "${unknown}".`);
  return [...sources.values()].filter(({ name }) => names?.includes(name) ?? true);
}

async function* measured(source: Source, sources: Sources, text: string): AsyncGenerator<Row> {
  const keys = new Map<string, SigningKeys>([[source.name, source.provider.signature.generateKeys()]]);
  const keysOf = ({ name }: Source) => keys.get(name) ?? source.provider.signature.generateKeys();
  const receive = growthReceiver(sources, keysOf);
  const forgersKey = source.provider.signature.generateKeys().signing;
  const paths = pathsOf({ source, keys: keysOf(source), forgersKey }).filter(({ name }) => name.includes(text));
  for (const path of paths) yield await measure(source.name, path, receive);
}

async function measure(
  provider: string,
  path: GrowthPath,
  handle: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>,
): Promise<Row> {
  const build = (share: number) => path.build(path.size * share);
  const { statusCode: status } = await handle(build(1));
  return { provider, path, status, growth: await measureGrowth({ build, handle }, MEASURING) };
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function inTable({ provider, path, growth, status }: Row): string {
  const { halfMicros, wholeMicros, ratio, verdict } = growth;
  const [half, whole, times] = [halfMicros.toFixed(0), wholeMicros.toFixed(0), ratio.toFixed(1)];
  const bytes = `${path.size / 2}, ${path.size}`;
  return line(
    provider,
    path.signer,
    path.name,
    bytes,
    half,
    whole,
    verdict === 'constant' ? '' : times,
    status,
    verdict,
  );
}

const line = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

const say = (step: string) => console.error(`growth: ${step}`);

function conclude(rows: readonly Row[]): void {
  const failed = rows.filter(({ growth: { verdict } }) => verdict === 'superlinear');
  say(`${failed.length} of ${rows.length} paths are superlinear`);
  for (const { provider, path } of failed) say(`superlinear: ${provider}, signed by the ${path.signer}, ${path.name}`);
  if (failed.length > 0) process.exitCode = 1;
}
