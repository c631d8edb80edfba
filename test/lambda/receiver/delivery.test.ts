import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { isWithoutBody, openDelivery, signedRequest, TIME_BUDGET_MS } from '../../../lambda/receiver/delivery.ts';
import { halfway } from '../../support/middleware.ts';

const NAME = 'abc.execute-api.us-east-1.amazonaws.com';

const open = (event: object) => openDelivery(event as Partial<APIGatewayProxyEvent>, 1_000);

describe('a delivery', () => {
  it('is empty where API Gateway says nothing', () => {
    const { query, headers, startedAt, deadline, ...rest } = open({});
    expect(rest).toEqual({
      requestId: '',
      sourceName: '',
      method: '',
      apiUrl: undefined,
      transferred: { text: '', isBase64: false },
      receivedAt: 1_000,
    });
    expect([String(query), headers.size, deadline]).toEqual(['', 0, startedAt + TIME_BUDGET_MS]);
  });

  it('has what API Gateway says', () => {
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
    ['names that differ in case alone', { multiValueHeaders: { A: ['1'], a: ['2'] } }, ['1', '2']],
    ['names that differ in case alone, once each', { headers: { A: '1', a: '2' } }, ['1', '2']],
    ['a name without a value', { headers: { A: null } }, []],
    ['a name whose value is not there', { headers: { A: undefined } }, []],
  ])('has of its headers %s', (_, event, values) => {
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

describe('the URL that a signature covers', () => {
  const urlOf = (requestContext: object, path?: string) => open({ requestContext, path }).apiUrl;

  it.each([
    [`https://${NAME}/prod/webhooks/twilio`, { apiId: 'abc', domainName: NAME, stage: 'prod' }, '/webhooks/twilio'],
    [`https://${NAME}.cn/prod/in`, { apiId: 'abc', domainName: `${NAME}.cn`, stage: 'prod' }, '/in'],
    [`https://${NAME}//in`, { apiId: 'abc', domainName: NAME }, '/in'],
    [`https://${NAME}/prod`, { apiId: 'abc', domainName: NAME, stage: 'prod' }, undefined],
  ])('is %s under the host of the API itself', (expected, context, path) => {
    expect(urlOf(context, path)).toBe(expected);
  });

  it.each([
    ['another API', 'abc', 'other.execute-api.us-east-1.amazonaws.com'],
    ['no API', '', '.execute-api.us-east-1.amazonaws.com'],
    ['an API without an id', undefined, 'undefined.execute-api.us-east-1.amazonaws.com'],
    ['no host', 'abc', undefined],
    ['a stranger whose host begins alike', 'abc', 'abc.execute-api.evil.com'],
    ['a stranger whose host begins like the whole of ours', 'abc', `${NAME}.evil.com`],
    ['a stranger whose host ends alike', 'abc', 'abc.execute-api.evilamazonaws.com'],
    ['a stranger whose path ends alike', 'abc', 'abc.execute-api.evil.com/x.amazonaws.com'],
    ['a host within the name of which ours is', 'abc', `x.${NAME}`],
    ['a host that ends as ours begins', 'abc', 'x.amazonaws.com.abc.execute-api.'],
    ['another service of AWS', 'abc', 'abc.s3.us-east-1.amazonaws.com'],
    ['another country', 'abc', `${NAME}.ru`],
    ['a second line', 'abc', `${NAME}\n.evil.com`],
    ['a dot that is another letter', 'abc', 'abc.execute-api.us-east-1.amazonawsxcom'],
  ])('is unknown under the host of %s', (_, apiId, domainName) => {
    expect(urlOf({ apiId, domainName, stage: 'prod' }, '/webhooks/twilio')).toBeUndefined();
  });

  it('is the one that the provider was given, then that of the API, then none', () => {
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
])('%j is without a body: %j', (method, expected) => {
  expect(isWithoutBody(method)).toBe(expected);
});
