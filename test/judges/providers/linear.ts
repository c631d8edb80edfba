import { LinearWebhookClient } from '@linear/sdk/webhooks';
import { headerOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';
import type { Judge } from '../judge.ts';

const { headers } = readVector('linear').sample;
const times = ['"{{now:milliseconds}}"', '"{{now:iso}}"', 'null', '[]', '1e300', '1.5', '-1'];

export const judge: Judge = {
  package: '@linear/sdk',
  accepts: (request, secret) =>
    new LinearWebhookClient(secret).verify(request.body, headerOf(request, 'linear-signature')),
  requests: Object.fromEntries(
    times.map((time) => [
      `a time that is not in milliseconds: ${time}`,
      { headers, body: `{"type":"Issue","webhookTimestamp":${time}}`, events: [] },
    ]),
  ),
};
