import { randomBytes } from 'node:crypto';
import { sharedKeys } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';
import { judge as standardWebhooks } from './standard-webhooks.ts';

/** GitLab has no SDK. With a signing token, it follows Standard Webhooks. */
export const judge: Judge = {
  ...standardWebhooks,
  generateKeys: () => sharedKeys(`whsec_${randomBytes(32).toString('base64')}`),
};
