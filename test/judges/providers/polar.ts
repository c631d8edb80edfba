import type { Judge } from '../judge.ts';
import { judge as svix } from './svix.ts';

/** Polar's own SDK gives the secret's characters to a library of Standard Webhooks in base64. */
const inBase64 = (secret: string) => Buffer.from(secret).toString('base64');

export const judge: Judge = {
  package: svix.package,
  accepts: (request, secret, url) => svix.accepts(request, inBase64(secret), url),
};
