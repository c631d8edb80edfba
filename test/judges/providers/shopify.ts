import '@shopify/shopify-api/adapters/node';
import { createSHA256HMAC } from '@shopify/shopify-api/runtime';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: '@shopify/shopify-api',
  accepts: async (request, secret) =>
    (await createSHA256HMAC(secret, `${request.body}`)) === headerOf(request, 'x-shopify-hmac-sha256'),
  sign: async (request, secret) =>
    withHeaders(request, { 'x-shopify-hmac-sha256': await createSHA256HMAC(secret, `${request.body}`) }),
};
