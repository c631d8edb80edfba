import { parse } from 'gocardless-nodejs/webhooks';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: 'gocardless-nodejs',
  accepts: (request, secret) => parse(request.body, secret, headerOf(request, 'webhook-signature')) !== undefined,
};
