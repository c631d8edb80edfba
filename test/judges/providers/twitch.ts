import { EventSubMiddleware } from '@twurple/eventsub-http';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

type Verify = (this: { _secret: string }, id: string, time: string, body: string, signature: string) => boolean;

// Its types leave out the method, which is called for each request.
const verify: Verify = Reflect.get(EventSubMiddleware.prototype, '_verifyData');

const HEADER = 'twitch-eventsub-message';

export const judge: Judge = {
  package: '@twurple/eventsub-http',
  accepts: (request, secret) =>
    verify.call(
      { _secret: secret },
      headerOf(request, `${HEADER}-id`),
      headerOf(request, `${HEADER}-timestamp`),
      `${request.body}`,
      headerOf(request, `${HEADER}-signature`),
    ),
};
