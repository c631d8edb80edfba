import * as octokit from '@octokit/webhooks-methods';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { headerOf } from '../../support/provider-requests.ts';
import { describeSdk } from '../../support/sdk.ts';

describeSdk('A GitHub event', {
  provider: 'github',
  sign: async (request, secret) =>
    withHeaders(request, { 'x-hub-signature-256': await octokit.sign(secret, `${request.body}`) }),
  verify: (request, secret) => octokit.verify(secret, `${request.body}`, headerOf(request, 'x-hub-signature-256')),
});
