import { EventWebhook } from '@sendgrid/eventwebhook';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

const webhook = new EventWebhook();

export const judge: Judge = {
  package: '@sendgrid/eventwebhook',
  accepts(request, publicKey) {
    const header = (part: string) => headerOf(request, `x-twilio-email-event-webhook-${part}`);
    const key = webhook.convertPublicKeyToECDSA(publicKey);
    return webhook.verifySignature(key, `${request.body}`, header('signature'), header('timestamp'));
  },
};
