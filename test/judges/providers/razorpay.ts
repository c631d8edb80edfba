import Razorpay from 'razorpay';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: 'razorpay',
  accepts: (request, secret) =>
    Razorpay.validateWebhookSignature(`${request.body}`, headerOf(request, 'x-razorpay-signature'), secret),
};
