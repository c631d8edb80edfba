import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import { inboxTemplate, resourcesOf, unbundledApp } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const template = inboxTemplate({ sources: { partner: generic, 'partner-eu': generic } });

describe('signing secrets', () => {
  it('are created per source, each with a random value', () => {
    const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret').map(
      ({ id: _, Metadata: __, ...secret }) => secret,
    );
    const secretOf = (source: string) => ({
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Name: `Hooks/Inbox/${source}`,
        Description: `Signing secret of the webhook source ${source} (generic)`,
        GenerateSecretString: {},
      },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
    expect(secrets).toEqual([secretOf('partner'), secretOf('partner-eu')]);
  });

  it('have no values in the template', () => {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toContain('"SecretString"');
    expect(text).not.toContain('{{resolve:');
  });

  it('have only characters in their names that Secrets Manager accepts', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    new WebhookInbox(stack, 'In box: ü', { sources: { partner: generic }, forwarding: false, alarms: false });
    const names = resourcesOf(Template.fromStack(stack), 'AWS::SecretsManager::Secret').map((s) => s.Properties.Name);
    expect(names).toEqual(['Hooks/In-box---/partner']);
  });
});
