import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listen, readBytes } from '../../cli/local/http.ts';

type Json = Record<string, unknown>;

/** An action of a transaction. The test's tables have the key `id`. */
interface Action {
  readonly TableName: string;
  readonly Item?: { readonly id: unknown };
  readonly Key?: Json;
}

/** A server in front of the embedded DynamoDB, whose engine has no transactions. */
export interface Transactions extends AsyncDisposable {
  readonly endpoint: string;
}

/**
 * Starts a server that writes transactions of `Put` and `Update` one after the other, and undoes one whose condition fails.
 * @param behind endpoint of the embedded DynamoDB
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export async function startTransactions(behind: string): Promise<Transactions> {
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const body = JSON.parse(String(await readBytes(request, 1_000_000)));
    const call = engineOf(behind, request.headers);
    const isTransaction = request.headers['x-amz-target'] === 'DynamoDB_20120810.TransactWriteItems';
    const answer = last.then(() => (isTransaction ? transact(call, body.TransactItems) : call(undefined, body)));
    last = answer.catch(() => undefined);
    const { status, json } = await answer;
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(json));
  });
  return {
    endpoint: await listen(server, 0),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly json: Json;
}

/** @param operation undefined for that of the request itself */
type Call = (operation: string | undefined, input: unknown) => Promise<Answer>;

function engineOf(behind: string, headers: IncomingHttpHeaders): Call {
  const { authorization = '', 'x-amz-date': date = '', 'x-amz-target': target = '' } = headers;
  return async (operation, input) => {
    const named = operation === undefined ? String(target) : `DynamoDB_20120810.${operation}`;
    const sent = { authorization, 'x-amz-date': String(date), 'x-amz-target': named };
    const response = await fetch(behind, {
      method: 'POST',
      headers: { ...sent, 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify(input),
    });
    return { status: response.status, json: (await response.json()) as Json };
  };
}

async function transact(call: Call, items: readonly Record<string, Action>[]): Promise<Answer> {
  const undo: (() => Promise<unknown>)[] = [];
  for (const [index, item] of items.entries()) {
    const [[kind = '', action] = []] = Object.entries(item);
    if (!action) throw new Error('An item of a transaction has an action.');
    undo.push(await undoOf(call, action));
    const { status, json } = await call(`${kind}Item`, action);
    if (status === 200) continue;
    for (const restore of undo.toReversed()) await restore();
    return canceled(items.map((_, each) => (each === index ? reasonOf(json) : { Code: 'None' })));
  }
  return { status: 200, json: {} };
}

async function undoOf(
  call: Call,
  { TableName, Item, Key = { id: Item?.id } }: Action,
): Promise<() => Promise<unknown>> {
  const { json } = await call('GetItem', { TableName, Key, ConsistentRead: true });
  const { Item: old } = json;
  return () => (old ? call('PutItem', { TableName, Item: old }) : call('DeleteItem', { TableName, Key }));
}

const reasonOf = ({ __type, Item }: Json): Json => ({
  Code: String(__type).split('#').at(-1)?.replace('Exception', ''),
  Message: 'The conditional request failed',
  Item,
});

function canceled(reasons: readonly Json[]): Answer {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const __type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return { status: 400, json: { __type, Message, CancellationReasons: reasons } };
}
