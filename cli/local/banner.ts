import { relative } from 'node:path';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { hasSecret } from '../../lambda/signature/scheme.ts';
import { asCurl, signedSample } from '../../samples/sample.ts';
import { invocation } from '../invocation.ts';
import { generatedKeys, KEYS_FILE, secretVariable, signingKey } from './local-keys.ts';

/** Contents of the banner. */
export interface BannerOptions {
  /** The URL of the HTTP front, on the loopback interface. */
  readonly url: string;
  readonly sources: Sources;
  readonly dynamodb: { readonly endpoint: string; readonly tableName: string; readonly quarantineTableName: string };
  readonly environment: NodeJS.ProcessEnv;
  /** Whether secrets are printed in full. */
  readonly showsSecrets: boolean;
  /** The URL of the console, with a new token. */
  readonly consoleUrl: () => string;
}

/** How many characters of a shortened secret are shown. */
const SHOWN_CHARACTERS = 12;

/** The text that `npm start` prints when it is ready: sources with URLs and secrets, a request to paste, next steps. */
export function banner(options: BannerOptions): string {
  const sections = [
    endpoints(options),
    sourceTable(options),
    secretsNote(options.showsSecrets),
    requestToPaste(options),
    nextSteps(options),
    `Open the console, which shows what arrives. This link is for one browser, and works once:\n\n  ${options.consoleUrl()}`,
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function endpoints({ url, dynamodb, environment }: BannerOptions): string {
  const { endpoint, tableName, quarantineTableName } = dynamodb;
  const quarantine = `Verified deliveries that are invalid are kept there in the table ${quarantineTableName}`;
  const ready = `webhook-inbox is ready at ${url}. Table ${tableName} is at ${endpoint}\n${quarantine}`;
  return environment.PUBLIC_URL
    ? `${ready}\nPUBLIC_URL is shown below: requests to it must be forwarded to ${url}`
    : ready;
}

function sourceTable({ sources, environment, showsSecrets }: BannerOptions): string {
  const rows = genericFirst(sources).map((source) => ({
    // Sorted, so that POST is the last one everywhere.
    methods: source.provider.methods.toSorted().join(' '),
    url: source.publicUrl ?? '',
    key: keyOf(source, environment, showsSecrets),
  }));
  const methodsWidth = Math.max(...rows.map(({ methods }) => methods.length));
  const urlWidth = Math.max(...rows.map(({ url }) => url.length));
  return rows
    .map(({ methods, url, key }) => `  ${methods.padStart(methodsWidth)} ${url.padEnd(urlWidth)}   ${key}`)
    .join('\n');
}

function genericFirst(sources: Sources): readonly Source[] {
  return [...sources.values()].toSorted(
    (one, other) => Number(other.name === 'generic') - Number(one.name === 'generic'),
  );
}

function keyOf(source: Source, environment: NodeJS.ProcessEnv, showsSecrets: boolean): string {
  const { verifyToken } = source.settings;
  const token = verifyToken === undefined ? '' : `   verify token: ${verifyToken}`;
  if (!hasSecret(source.provider.signature)) return `signed with a key generated here${token}`;
  if (environment[secretVariable(source.name)] !== undefined)
    return `secret: from ${secretVariable(source.name)}${token}`;
  const { verification } = generatedKeys(source);
  return `secret: ${shown(verification, showsSecrets)}${token}`;
}

/** A key in several lines, such as a certificate in PEM, has no place in a table. */
function shown(secret: string, isInFull: boolean): string {
  if (secret.includes('\n')) return `the key in ${savedIn()}`;
  return isInFull ? secret : `${secret.slice(0, SHOWN_CHARACTERS)}…`;
}

const savedIn = () => relative(process.cwd(), KEYS_FILE);

function secretsNote(showsSecrets: boolean): string {
  const saved = `Generated secrets are saved in ${savedIn()}.`;
  return showsSecrets
    ? saved
    : `${saved} They are shortened above; ${invocation('start', '--show-secrets')} prints them in full.`;
}

function requestToPaste({ url, sources, environment }: BannerOptions): string | undefined {
  const generic = sources.get('generic');
  const key = generic && signingKey(environment, generic);
  if (!generic || !key) return undefined;
  const sample = signedSample(generic, { key, url: `${url}/webhooks/generic`, now: Date.now() });
  return `A signed request to paste into another terminal:\n\n${asCurl(sample)}`;
}

function nextSteps({ url, dynamodb }: BannerOptions): string {
  const { port } = new URL(url);
  const variable = port === '3000' ? '' : `PORT=${port} `;
  const { port: dynamodbPort } = new URL(dynamodb.endpoint);
  const dynamodbVariable = dynamodbPort === '8000' ? '' : `DYNAMODB_PORT=${dynamodbPort} `;
  const credentials = 'AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1';
  return `Send a sample, signed as its provider signs; --new makes it a new event:

  ${variable}${invocation('send', 'generic --new')}

List the stored events with the AWS CLI:

  ${credentials} \\
    aws dynamodb scan --table-name ${dynamodb.tableName} --endpoint-url ${dynamodb.endpoint}

List what is in quarantine:

  ${dynamodbVariable}${invocation('quarantine', 'list --local')}`;
}
