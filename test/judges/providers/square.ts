import { WebhooksHelper } from 'square';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: 'square',
  url: 'https://hooks.example.com/webhooks/square?tenant=7',
  accepts: (request, signatureKey) =>
    WebhooksHelper.verifySignature({
      requestBody: `${request.body}`,
      signatureHeader: headerOf(request, 'x-square-hmacsha256-signature'),
      signatureKey,
      notificationUrl: request.url,
    }),
  forgeries: {
    'sent to another URL': (signed) => ({ ...signed, url: 'https://hooks.example.com/webhooks/square' }),
  },
};
