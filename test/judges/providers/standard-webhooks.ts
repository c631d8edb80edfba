import { Webhook } from 'standardwebhooks';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';
import { singleHeaders } from '../single-headers.ts';

export const judge: Judge = {
  package: 'standardwebhooks',
  accepts(request, secret) {
    new Webhook(secret).verify(`${request.body}`, singleHeaders(request));
  },
  sign(request, secret) {
    const time = new Date(Number(headerOf(request, 'webhook-timestamp')) * 1000);
    const signature = new Webhook(secret).sign(headerOf(request, 'webhook-id'), time, `${request.body}`);
    return withHeaders(request, { 'webhook-signature': signature });
  },
  forgeries: { 'with another id': (signed) => withHeaders(signed, { 'webhook-id': 'msg_forged' }) },
};
