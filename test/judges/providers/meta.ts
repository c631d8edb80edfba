import { WhatsAppAPI } from 'whatsapp-api-js';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: 'whatsapp-api-js',
  accepts: (request, appSecret) =>
    new WhatsAppAPI({ token: 'a-token', appSecret, v: 'v24.0' }).verifyRequestSignature(
      `${request.body}`,
      headerOf(request, 'x-hub-signature-256'),
    ),
};
