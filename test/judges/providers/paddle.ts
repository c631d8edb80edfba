import { Paddle } from '@paddle/paddle-node-sdk';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

const { webhooks } = new Paddle('api-key');

export const judge: Judge = {
  package: '@paddle/paddle-node-sdk',
  accepts: (request, secret) =>
    webhooks.isSignatureValid(`${request.body}`, secret, headerOf(request, 'paddle-signature')),
};
