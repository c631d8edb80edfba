import { verifySlackRequest } from '@slack/bolt';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: '@slack/bolt',
  accepts(request, signingSecret) {
    const headers = {
      'x-slack-signature': headerOf(request, 'x-slack-signature'),
      'x-slack-request-timestamp': Number(headerOf(request, 'x-slack-request-timestamp')),
    };
    verifySlackRequest({ signingSecret, body: `${request.body}`, headers });
  },
};
