import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { anyText } from '../support/property.ts';

/** Text that HTTP cannot carry, but an event can. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  anyText(),
  fc.constantFrom('', ' ', '\ud800', '\u0000', '__proto__', 'constructor', 'é/\xff', 'a'.repeat(5_000)),
);
const nothing = fc.constantFrom(null, undefined);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary }, { weight: 1, arbitrary: nothing });

const headerName = fc.oneof(
  text,
  fc.constantFrom('Content-Type', 'content-type', 'CONTENT-TYPE', 'Host', 'X-Signature', 'Authorization', '__proto__'),
);
const contentType = fc.oneof(
  text,
  fc.constantFrom(
    'application/json; charset=utf-16',
    'application/json;',
    ';',
    '*/*',
    'text/plain; charset="',
    'APPLICATION/JSON',
  ),
);
const single = fc.dictionary(headerName, maybe(fc.oneof(text, contentType)), { maxKeys: 4 });
const multiple = fc.dictionary(headerName, maybe(fc.array(fc.oneof(text, contentType), { maxLength: 3 })), {
  maxKeys: 4,
});

/** Fields of an event with odd values, or without some of them. */
const oddFields = fc.record(
  {
    resource: maybe(text),
    path: maybe(
      fc.oneof(
        text,
        text.map((name) => `/webhooks/${name}`),
      ),
    ),
    httpMethod: maybe(fc.oneof(text, fc.constantFrom('GET', 'HEAD', 'PUT', 'post', 'OPTIONS'))),
    headers: maybe(single),
    multiValueHeaders: maybe(multiple),
    queryStringParameters: maybe(single),
    multiValueQueryStringParameters: maybe(multiple),
    pathParameters: maybe(fc.record({ source: maybe(text) }, { requiredKeys: [] })),
    requestContext: maybe(
      fc.record(
        { requestId: maybe(text), domainName: maybe(text), apiId: maybe(text), stage: maybe(text) },
        { requiredKeys: [] },
      ),
    ),
    body: maybe(text),
    isBase64Encoded: maybe(fc.boolean()),
  },
  { requiredKeys: [] },
);

type Change = (event: APIGatewayProxyEvent) => object;

const spelled = (respell: (name: string) => string): Change => {
  return (event) => ({ ...event, multiValueHeaders: mapNames(event.multiValueHeaders, respell) });
};

const mapNames = <T>(values: Readonly<Record<string, T>>, respell: (name: string) => string) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [respell(name), value]));

/** Other shapes of the same request, from API Gateway or from a caller who invokes the function directly. */
const CHANGES: readonly Change[] = [
  (event) => event,
  spelled((name) => name.toUpperCase()),
  spelled((name) => name.replace(/\b./g, (letter) => letter.toUpperCase())),
  ({ multiValueHeaders, ...event }) => ({ ...event, headers: lastOf(multiValueHeaders) }),
  (event) => ({ ...event, multiValueHeaders: null, headers: lastOf(event.multiValueHeaders) }),
  (event) => ({ ...event, headers: null }),
  (event) => ({ ...event, headers: null, multiValueHeaders: null }),
  (event) => ({ ...event, multiValueHeaders: doubled(event.multiValueHeaders) }),
  ({ isBase64Encoded, body, ...event }) => ({ ...event, body: Buffer.from(body ?? '', 'base64').toString() }),
  ({ isBase64Encoded, ...event }) => event,
  (event) => ({ ...event, body: null }),
  (event) => ({ ...event, body: '' }),
  ({ requestContext, ...event }) => event,
  ({ resource, ...event }) => event,
  (event) => ({ ...event, resource: '/webhooks/{source}', pathParameters: { source: event.path.split('/').at(-1) } }),
  (event) => ({ ...event, resource: '/{proxy+}', pathParameters: { proxy: event.path.slice(1) } }),
  toSecondVersion,
];

const lastOf = (multi: Readonly<Record<string, string[] | undefined>>) =>
  Object.fromEntries(Object.entries(multi).map(([name, values]) => [name, values?.at(-1)]));

/** Each value twice, under two spellings of its name. */
const doubled = (multi: Readonly<Record<string, string[] | undefined>>) => ({
  ...multi,
  ...mapNames(multi, (name) => name.toUpperCase()),
});

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function toSecondVersion({ path, httpMethod, multiValueHeaders, body, isBase64Encoded }: APIGatewayProxyEvent): object {
  return {
    version: '2.0',
    routeKey: `${httpMethod} ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: lastOf(multiValueHeaders),
    requestContext: { http: { method: httpMethod, path }, requestId: 'request', stage: '$default' },
    body,
    isBase64Encoded,
  };
}

/** An event of a genuine request in another shape, with some of its fields replaced or missing. */
export function oddEvents(genuine: APIGatewayProxyEvent): fc.Arbitrary<object> {
  const changed = fc.constantFrom(...CHANGES).map((change) => change(genuine));
  const some = fc.tuple(oddFields, fc.subarray(FIELDS, { maxLength: 2 })).map(([fields, kept]) => pick(fields, kept));
  return fc.oneof(
    { weight: 2, arbitrary: changed },
    { weight: 2, arbitrary: fc.tuple(changed, some).map(([event, fields]) => ({ ...event, ...fields })) },
    { weight: 1, arbitrary: oddFields.map((fields) => ({ path: genuine.path, httpMethod: 'POST', ...fields })) },
  );
}

const FIELDS = ['resource', 'path', 'httpMethod', 'headers', 'multiValueHeaders', 'queryStringParameters'].concat([
  'multiValueQueryStringParameters',
  'pathParameters',
  'requestContext',
  'body',
  'isBase64Encoded',
]);

const pick = (fields: Readonly<Record<string, unknown>>, kept: readonly string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => kept.includes(name)));
