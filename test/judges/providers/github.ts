import * as octokit from '@octokit/webhooks-methods';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { githubPayloads } from '../../support/github-payloads.ts';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: '@octokit/webhooks-methods',
  accepts: (request, secret) => octokit.verify(secret, `${request.body}`, headerOf(request, 'x-hub-signature-256')),
  sign: async (request, secret) =>
    withHeaders(request, { 'x-hub-signature-256': await octokit.sign(secret, `${request.body}`) }),
  bodies: () => githubPayloads().map(({ payload }) => JSON.stringify(payload)),
};
