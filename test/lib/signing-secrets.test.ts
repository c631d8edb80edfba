import { describe, expect, it } from '@jest/globals';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { Construct as Scope } from 'constructs';
import { SigningSecrets } from '../../lib/signing-secrets.ts';
import { inboxTemplate, resourcesOf, unbundledApp } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const template = inboxTemplate({ sources: { partner: generic, 'partner-eu': generic } });

/** The secrets of an inbox in this scope. */
const secretsIn = (scope: Construct) => new SigningSecrets(new Scope(scope, 'Inbox'), 'Secrets', { partner: generic });

describe('signing secrets', () => {
  it('are created per source, each with a random value', () => {
    const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret').map(({ id: _, ...secret }) => secret);
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

  it('are named after the stack, as CloudFormation names it, and the inbox', () => {
    expect(secretsIn(new Stack(new App(), 'Hooks')).namePrefix).toBe('Hooks/Inbox/');
    expect(secretsIn(new Stack(new App(), 'Hooks', { stackName: 'hooks-eu' })).namePrefix).toBe('hooks-eu/Inbox/');
    expect(secretsIn(new Stack(new Stage(new App(), 'Live'), 'Hooks')).namePrefix).toBe('Live-Hooks/Inbox/');
    expect(secretsIn(new Scope(new Stack(new App(), 'Hooks'), 'Outer')).namePrefix).toBe('Hooks/Outer/Inbox/');
  });

  it('have only characters in their names that Secrets Manager accepts', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const secrets = new SigningSecrets(new Scope(stack, 'In box: ü'), 'Secrets', { partner: generic });
    expect(secrets.namePrefix).toBe('Hooks/In-box---/');
    const names = resourcesOf(Template.fromStack(stack), 'AWS::SecretsManager::Secret').map((s) => s.Properties.Name);
    expect(names).toEqual(['Hooks/In-box---/partner']);
  });
});
