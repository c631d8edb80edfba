import { verifyKey } from 'discord-interactions';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: 'discord-interactions',
  accepts: (request, publicKey) =>
    verifyKey(
      request.body,
      headerOf(request, 'x-signature-ed25519'),
      headerOf(request, 'x-signature-timestamp'),
      publicKey,
    ),
};
