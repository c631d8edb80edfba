import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { type JudgedFile, judgedFile, readJudgedFile } from '../support/judged-requests.ts';
import { checkBodies } from './check-bodies.ts';
import type { Judge } from './judge.ts';
import { CLOCK, judgeRequests, subjectOf } from './judge-requests.ts';

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const folder = new URL('providers/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
const versions: Record<string, string> = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
).devDependencies;

const isProvider = (name: string): name is ProviderName => Object.hasOwn(providers, name);

/** Judges the requests of one provider, and writes them if that was asked for. Returns what is wrong. */
async function record(provider: ProviderName): Promise<readonly string[]> {
  const judge: Judge = (await import(new URL(`${provider}.ts`, folder).href)).judge;
  const previous = readJudgedFile(provider);
  const subject = subjectOf(provider, judge, previous);
  const { requests, problems } = await judgeRequests(subject, previous?.requests ?? []);
  const file: JudgedFile = {
    judge: { name: judge.package, version: versions[judge.package] ?? 'unknown' },
    clock: CLOCK,
    keys: subject.keys,
    otherKeys: subject.otherKeys,
    requests,
  };
  const accepted = requests.filter(({ isAccepted }) => isAccepted).length;
  console.log(`${provider}: ${judge.package} accepts ${accepted} of ${requests.length} requests`);
  return [...problems, ...(await checkBodies(subject)), ...checkFile(provider, file)];
}

/** Writes the file if that was asked for. Returns how the recorded one differs. */
function checkFile(provider: ProviderName, file: JudgedFile): readonly string[] {
  if (values.write) writeFileSync(judgedFile(provider), `${JSON.stringify(file, null, 2)}\n`);
  const recorded = readJudgedFile(provider);
  if (isDeepStrictEqual(recorded, JSON.parse(JSON.stringify(file)))) return [];
  const { requests = [] } = recorded ?? {};
  const changed = file.requests.filter((request, index) => !isDeepStrictEqual(request, requests[index]));
  const first = changed[0] ? `, first in: ${changed[0].name}` : '';
  return [`${provider}: what would be recorded now differs${first}. See test/judges/README.md.`];
}

const chosen = positionals.length > 0 ? positionals : names;
const problems: string[] = [];
for (const name of chosen) {
  if (isProvider(name) && names.includes(name)) problems.push(...(await record(name)));
  else problems.push(`${name}: no judge has this name`);
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
