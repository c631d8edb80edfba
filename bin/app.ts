import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { WebhookInboxStack } from '../lib/webhook-inbox-stack.ts';

const app = new App({ analyticsReporting: false });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

new WebhookInboxStack(app, 'WebhookInbox', {
  description: 'Receives signed webhooks and stores each genuine event exactly once',
  sources: { partner: { provider: 'generic' } },
});
