import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { isWithoutBody, openDelivery, signedRequest, TIME_BUDGET_MS } from '../../../lambda/receiver/delivery.ts';
import { halfway } from '../../support/middleware.ts';

const NAME = 'abc.execute-api.us-east-1.amazonaws.com';

const open = (event: object) => openDelivery(event as Partial<APIGatewayProxyEvent>, 1_000);

describe('A delivery', () => {
  it('is empty if the event of API Gateway is empty', () => {
    const { query, headers, startedAt, storeDeadline, deadline, ...rest } = open({});
    expect(rest).toEqual({
      requestId: '',
      sourceName: '',
      resource: '',
      method: '',
      apiUrl: undefined,
      transferred: { text: '', isBase64: false },
      receivedAt: 1_000,
    });
    expect([String(query), headers.size, deadline]).toEqual(['', 0, startedAt + TIME_BUDGET_MS]);
  });

  it('has the request id, the method and the body of the event', () => {
    const requestContext = { requestId: 'request' };
    expect(open({ requestContext, httpMethod: 'POST', body: 'e30=', isBase64Encoded: true })).toMatchObject({
      requestId: 'request',
      method: 'POST',
      transferred: { text: 'e30=', isBase64: true },
    });
  });

  it.each([
    ['shop', { pathParameters: { source: 'shop' }, path: '/webhooks/other' }],
    ['shop', { resource: '/webhooks/shop' }],
    ['shop', { path: '/webhooks/shop' }],
    ['', { path: '/webhooks/shop/more' }],
    ['', { path: '/in/webhooks/shop' }],
    ['', { path: '/webhooks/' }],
  ])('is for the source %j: %j', (expected, event) => {
    expect(open(event).sourceName).toBe(expected);
  });

  it.each([
    ['every value', { multiValueHeaders: { A: ['1', '2'] }, headers: { A: '2' } }, ['1', '2']],
    ['one value', { headers: { A: '1' } }, ['1']],
    ['the values of names that differ in case alone', { multiValueHeaders: { A: ['1'], a: ['2'] } }, ['1', '2']],
    [
      'the values of 2 names that differ in case alone, in the order of arrival',
      { multiValueHeaders: { A: ['1', '2'], a: ['3', '4'] } },
      ['1', '2', '3', '4'],
    ],
    ['the values of names that differ in case alone, with one value each', { headers: { A: '1', a: '2' } }, ['1', '2']],
    ['no value of a header that is null', { headers: { A: null } }, []],
    ['no value of a header that is undefined', { headers: { A: undefined } }, []],
  ])('has, of its headers, %s', (_, event, values) => {
    expect([...open(event).headers]).toEqual([['a', values]]);
  });

  it.each([
    ['a=1&a=2', { multiValueQueryStringParameters: { a: ['1', '2'] }, queryStringParameters: { a: '2' } }],
    ['a=1&b=x+y', { queryStringParameters: { a: '1', b: 'x y' } }],
    ['b=', { queryStringParameters: { a: undefined, b: '' } }],
    ['', { multiValueQueryStringParameters: { a: null }, queryStringParameters: { a: '1' } }],
  ])('has the query string %j', (expected, event) => {
    expect(String(open(event).query)).toBe(expected);
  });
});

describe('The URL that a signature covers', () => {
  const urlOf = (requestContext: object, path?: string) => open({ requestContext, path }).apiUrl;

  it.each([
    [`https://${NAME}/prod/webhooks/twilio`, { apiId: 'abc', domainName: NAME, stage: 'prod' }, '/webhooks/twilio'],
    [`https://${NAME}.cn/prod/in`, { apiId: 'abc', domainName: `${NAME}.cn`, stage: 'prod' }, '/in'],
    [`https://${NAME}//in`, { apiId: 'abc', domainName: NAME }, '/in'],
    [`https://${NAME}/prod`, { apiId: 'abc', domainName: NAME, stage: 'prod' }, undefined],
  ])("is %s under the API's own host", (expected, context, path) => {
    expect(urlOf(context, path)).toBe(expected);
  });

  it.each([
    ['another API', 'abc', 'other.execute-api.us-east-1.amazonaws.com'],
    ['no API', '', '.execute-api.us-east-1.amazonaws.com'],
    ['an API without an id', undefined, 'undefined.execute-api.us-east-1.amazonaws.com'],
    ['no host', 'abc', undefined],
    ['a stranger that begins like our host', 'abc', 'abc.execute-api.evil.com'],
    ['a stranger that begins with our host', 'abc', `${NAME}.evil.com`],
    ['a stranger that ends like our host', 'abc', 'abc.execute-api.evilamazonaws.com'],
    ['a stranger with a path that ends like our host', 'abc', 'abc.execute-api.evil.com/x.amazonaws.com'],
    ['a host that ends with our host', 'abc', `x.${NAME}`],
    ['a host that ends as our host begins', 'abc', 'x.amazonaws.com.abc.execute-api.'],
    ['another service of AWS', 'abc', 'abc.s3.us-east-1.amazonaws.com'],
    ['another top-level domain', 'abc', `${NAME}.ru`],
    ['a second line', 'abc', `${NAME}\n.evil.com`],
    ['a host with a letter instead of a dot', 'abc', 'abc.execute-api.us-east-1.amazonawsxcom'],
  ])('is unknown under the host of %s', (_, apiId, domainName) => {
    expect(urlOf({ apiId, domainName, stage: 'prod' }, '/webhooks/twilio')).toBeUndefined();
  });

  it("is the source's public URL, or else the API's, or else empty", () => {
    const delivery = halfway({ apiUrl: 'https://api.example.com/in' });
    const source = { ...delivery.source, publicUrl: 'https://hooks.example.com/in' };
    expect(signedRequest({ ...delivery, source }).url).toBe('https://hooks.example.com/in');
    expect(signedRequest(delivery).url).toBe('https://api.example.com/in');
    expect(signedRequest(halfway()).url).toBe('');
  });
});

it.each([
  ['GET', true],
  ['HEAD', true],
  ['POST', false],
  ['', false],
])('A request with the method %j is treated as one without a body: %j', (method, expected) => {
  expect(isWithoutBody(method)).toBe(expected);
});
