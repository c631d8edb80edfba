import { signWebhookPayload, verifyWebhookSignature } from '@notionhq/client';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: '@notionhq/client',
  accepts: (request, verificationToken) =>
    verifyWebhookSignature({
      body: request.body,
      signature: headerOf(request, 'x-notion-signature'),
      verificationToken,
    }),
  async sign(request, verificationToken) {
    const signature = await signWebhookPayload({ body: request.body, verificationToken });
    return { ...request, headers: new Map([...request.headers, ['x-notion-signature', [signature]]]) };
  },
};
