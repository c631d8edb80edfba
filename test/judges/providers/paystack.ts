import { computePaystackWebhookSignature, verifyPaystackWebhookSignature } from '@alexasomba/paystack-node';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

const SIGNATURE = 'x-paystack-signature';

// Paystack publishes no SDK for Node.js that verifies, so a public one of others is the judge.
export const judge: Judge = {
  package: '@alexasomba/paystack-node',
  accepts: ({ body: rawBody, ...request }, secret) =>
    verifyPaystackWebhookSignature({ rawBody, secret, signature: headerOf({ ...request, body: rawBody }, SIGNATURE) }),
  sign: (request, secret) =>
    withHeaders(request, { [SIGNATURE]: computePaystackWebhookSignature(request.body, secret) }),
};
