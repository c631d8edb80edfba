import { Webhook } from 'svix';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';
import { singleHeaders } from '../single-headers.ts';

export const judge: Judge = {
  package: 'svix',
  accepts(request, secret) {
    new Webhook(secret).verify(`${request.body}`, singleHeaders(request));
  },
  sign(request, secret) {
    const prefix = request.headers.has('svix-id') ? 'svix' : 'webhook';
    const time = new Date(Number(headerOf(request, `${prefix}-timestamp`)) * 1000);
    const signature = new Webhook(secret).sign(headerOf(request, `${prefix}-id`), time, `${request.body}`);
    return withHeaders(request, { [`${prefix}-signature`]: signature });
  },
};
