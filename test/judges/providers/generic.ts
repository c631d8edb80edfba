import * as octokit from '@octokit/webhooks-methods';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

const HEADER = 'x-signature';

/** The scheme is the inbox's own. It is that of GitHub, in a header with another name. */
export const judge: Judge = {
  package: '@octokit/webhooks-methods',
  accepts: (request, secret) => octokit.verify(secret, `${request.body}`, headerOf(request, HEADER)),
  sign: async (request, secret) => withHeaders(request, { [HEADER]: await octokit.sign(secret, `${request.body}`) }),
};
