import type { Judge } from '../judge.ts';
import { judge as standardWebhooks } from './standard-webhooks.ts';

/** Polar's own SDK gives the library of Standard Webhooks the secret's characters in base64. */
const inBase64 = (secret: string) => Buffer.from(secret).toString('base64');

export const judge: Judge = {
  package: standardWebhooks.package,
  accepts: (request, secret, url) => standardWebhooks.accepts(request, inBase64(secret), url),
};
