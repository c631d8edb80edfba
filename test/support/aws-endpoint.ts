import { createServer, type IncomingMessage } from 'node:http';
import { listen, readBytes } from '../../cli/local/http.ts';
import type { SourceConfigs } from '../../lambda/receiver/config.ts';
import { sourcesMetadataKey } from '../../lib/sources-metadata.ts';

/** A call, as an AWS client makes it. */
export interface AwsCall {
  /** Such as `PutSecretValue`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The answer of AWS to a call; an error has `__type` and `message`. */
export type AwsAnswer = Readonly<Record<string, unknown>>;

/** A server on loopback in the place of CloudFormation, with one stack, and of services with the JSON protocol. */
export interface AwsEndpoint extends AsyncDisposable {
  /** The environment in which the SDK calls it. */
  readonly environment: NodeJS.ProcessEnv;
  /** The calls that it received, without those about the stack. */
  readonly calls: readonly AwsCall[];
}

/** An environment in which the SDK finds no credentials. */
export const NO_CREDENTIALS = {
  HOME: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: 'us-east-1',
  AWS_MAX_ATTEMPTS: '1',
};

/** The outputs of an inbox by name. */
type InboxOutputs = Readonly<Record<string, string>>;

/**
 * Starts it.
 * @param inboxes the outputs of the inbox in the stack `Hooks`, whose name is `Hooks/Inbox`; or of each, with their names
 * @param answers by operation
 * @param sources of each inbox, as the template of the stack has them
 * @param resources of the template: their types by logical id
 */
export async function startAwsEndpoint(
  inboxes: InboxOutputs | readonly InboxOutputs[],
  answers: Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer | Promise<AwsAnswer>>>,
  sources: SourceConfigs = {},
  resources: Readonly<Record<string, string>> = {},
): Promise<AwsEndpoint> {
  const calls: AwsCall[] = [];
  const listed = areSeveral(inboxes) ? inboxes : [{ InboxName: 'Hooks/Inbox', ...inboxes }];
  const stack = { outputs: outputsOf(listed), template: templateOf(listed, sources, resources) };
  const server = createServer(async (request, response) => {
    const body = String(await readBytes(request, 1_000_000));
    if (!isJson(request)) {
      const [status, xml] = answerForStack(new URLSearchParams(body), stack);
      return void response.writeHead(status, { 'Content-Type': 'text/xml' }).end(xml);
    }
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const input = JSON.parse(body);
    calls.push({ operation, input });
    const answer = (await answers[operation]?.(input)) ?? { __type: 'UnknownOperationException', message: operation };
    const status = '__type' in answer ? 400 : 200;
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  const endpoint = await listen(server, 0);
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  return {
    environment: { ...NO_CREDENTIALS, ...credentials, AWS_ENDPOINT_URL: endpoint },
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isJson = ({ headers }: IncomingMessage) => headers['x-amz-target'] !== undefined;

const areSeveral = (inboxes: InboxOutputs | readonly InboxOutputs[]): inboxes is readonly InboxOutputs[] =>
  Array.isArray(inboxes);

/** The outputs of a stack with these inboxes, and with others of a stack of one's own. */
function outputsOf(inboxes: readonly InboxOutputs[]): Readonly<Record<string, string>> {
  const json = inboxes.map((inbox, index) => [`HooksInbox${index}`, JSON.stringify(inbox)]);
  return { SiteUrl: 'https://example.com', SiteConfig: '{"name":"site"}', ...Object.fromEntries(json) };
}

/** The template of a stack with these inboxes, each with these sources. */
function templateOf(
  inboxes: readonly InboxOutputs[],
  sources: SourceConfigs,
  resources: Readonly<Record<string, string>>,
): string {
  const metadata = inboxes.map(({ InboxName = '' }) => [sourcesMetadataKey(InboxName), { sources }]);
  const typed = Object.entries(resources).map(([id, Type]) => [id, { Type }]);
  return JSON.stringify({ Metadata: Object.fromEntries(metadata), Resources: Object.fromEntries(typed) });
}

interface AnsweredStack {
  readonly outputs: Readonly<Record<string, string>>;
  readonly template: string;
}

/** A stack by the name of `Forbidden` may not be described. */
function answerForStack(query: URLSearchParams, { outputs, template }: AnsweredStack): [number, string] {
  const action = query.get('Action') ?? '';
  const name = query.get('StackName');
  if (name === 'Forbidden') return [403, errorXml('AccessDenied', `not authorized to perform ${action}`)];
  if (name !== 'Hooks') return [400, errorXml('ValidationError', `Stack with id ${name} does not exist`)];
  const results: Readonly<Record<string, string>> = {
    DescribeStacks: `<Stacks>${described(outputs)}</Stacks>`,
    GetTemplate: `<TemplateBody>${escaped(template)}</TemplateBody>`,
  };
  const result = results[action];
  if (result === undefined) return [400, errorXml('InvalidAction', 'not of this test')];
  return [200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`];
}

function described(outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(([key, value]) => {
    return `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`;
  });
  return `<member><StackName>Hooks</StackName><Outputs>${members.join('')}</Outputs></member>`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function errorXml(code: string, message: string): string {
  const error = `<Type>Sender</Type><Code>${code}</Code><Message>${message}</Message>`;
  return `<ErrorResponse><Error>${error}</Error></ErrorResponse>`;
}
