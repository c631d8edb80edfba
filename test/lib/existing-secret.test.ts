import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type IParameter, StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { SourcesProps } from '../../lib/sources.ts';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import { WebhookInboxStack } from '../../lib/webhook-inbox-stack.ts';
import { resourceNamed, resourcesOf, unbundledApp } from './synthesis.ts';

const env = { region: 'eu-west-1', account: '111122223333' };
const ACCOUNT = 'eu-west-1:111122223333';
const SECRET_ARN = `arn:aws:secretsmanager:${ACCOUNT}:secret:team/partner-a1B2c3`;
const KEY_ARN = `arn:aws:kms:${ACCOUNT}:key/team`;

/** An inbox with the source `partner`, which has the secret, and the source `shop`, which has none. */
function build(secretIn: (stack: Stack) => ISecret | IParameter) {
  const stack = new Stack(unbundledApp(), 'Hooks', { env });
  const secret = secretIn(stack);
  const sources: SourcesProps = { partner: { provider: 'generic', secret }, shop: { provider: 'shopify' } };
  const inbox = new WebhookInbox(stack, 'Inbox', { sources, alarms: false });
  return { inbox, secret, stack, template: Template.fromStack(stack) };
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What the receiver may do with secrets, parameters and keys. */
function statementsOf(template: Template): Statement[] {
  const { Policies } = resourceNamed(template, 'AWS::IAM::Role', 'Receiver').Properties;
  const [policy] = Policies as { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  return (policy?.PolicyDocument.Statement ?? []).filter(({ Action }) =>
    /^(secretsmanager|ssm|kms):/.test(String(Action)),
  );
}

/** What the template's metadata and the receiver's environment say about the source. */
function partnerIn(template: Template): unknown {
  const { 'webhook-inbox:Hooks/Inbox': metadata } = template.toJSON().Metadata;
  return metadata.sources.partner;
}
const valuesIn = (template: Template): unknown => {
  const { Environment } = resourceNamed(template, 'AWS::Lambda::Function', 'Receiver').Properties;
  return (Environment as { readonly Variables: Readonly<Record<string, unknown>> }).Variables.SOURCE_VALUES;
};

const shopArn = (template: Template) => ({ Ref: resourcesOf(template, 'AWS::SecretsManager::Secret')[0]?.id });
const allow = (Action: string, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const decrypt = (service: string) => ({
  ...allow('kms:Decrypt', KEY_ARN),
  Condition: { StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` } },
});

describe('an existing secret of Secrets Manager', () => {
  it('replaces the secret of its source only, which the receiver finds by its ARN', () => {
    const { template, inbox, secret } = build((stack) => Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN));
    const names = resourcesOf(template, 'AWS::SecretsManager::Secret').map(({ Properties }) => Properties.Name);
    expect(names).toEqual(['Hooks/Inbox/shop']);
    expect(inbox.secrets.get('partner')).toBe(secret);
    expect(partnerIn(template)).toEqual({ provider: 'generic', secretId: SECRET_ARN });
    expect(valuesIn(template)).toBeUndefined();
  });

  it('may be read by the receiver, with its key', () => {
    const { template } = build((stack) =>
      Secret.fromSecretAttributes(stack, 'Secret', {
        secretCompleteArn: SECRET_ARN,
        encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN),
      }),
    );
    expect(statementsOf(template)).toEqual([
      allow('secretsmanager:GetSecretValue', [SECRET_ARN, shopArn(template)]),
      decrypt('secretsmanager'),
    ]);
  });

  it('imported by its name is found by that, and the policy has the six characters of its ARN as wildcards', () => {
    const { template } = build((stack) => Secret.fromSecretNameV2(stack, 'Secret', 'team/partner'));
    expect(partnerIn(template)).toEqual({ provider: 'generic', secretId: 'team/partner' });
    const arn = `arn:aws:secretsmanager:${ACCOUNT}:secret:team/partner-??????`;
    expect(statementsOf(template)).toEqual([allow('secretsmanager:GetSecretValue', [arn, shopArn(template)])]);
  });

  it('of the app is known to the receiver once the stack is deployed', () => {
    const { template, stack, secret } = build((scope) => new Secret(scope, 'Team'));
    const ref = {
      Ref: resourcesOf(template, 'AWS::SecretsManager::Secret').find(({ id }) => id.startsWith('Team'))?.id,
    };
    expect(partnerIn(template)).toEqual({ provider: 'generic' });
    expect(valuesIn(template)).toEqual({ 'Fn::Join': ['', ['{"partner":{"secretId":"', ref, '"}}']] });
    expect(stack.resolve((secret as ISecret).secretArn)).toEqual(ref);
  });

  it('may be in another account, if its ARN is complete', () => {
    const arn = SECRET_ARN.replace('111122223333', '444455556666');
    const { template } = build((stack) => Secret.fromSecretCompleteArn(stack, 'Secret', arn));
    expect(partnerIn(template)).toEqual({ provider: 'generic', secretId: arn });
    expect(() => build((stack) => Secret.fromSecretPartialArn(stack, 'Secret', arn.slice(0, -7)))).toThrow(
      'Source "partner": secret is in another account; import it by its complete ARN (Secret.fromSecretCompleteArn).',
    );
  });

  it('of another region is refused', () => {
    const arn = SECRET_ARN.replace('eu-west-1', 'us-east-1');
    expect(() => build((stack) => Secret.fromSecretCompleteArn(stack, 'Secret', arn))).toThrow(
      'Source "partner": secret must be in the region of the inbox; replicate it there.',
    );
  });
});

describe('an existing parameter', () => {
  const secure = (stack: Stack) =>
    StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', {
      parameterName: '/team/partner',
      encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN),
    });
  const PARAMETER_ARN = `arn:aws:ssm:${ACCOUNT}:parameter/team/partner`;

  it('replaces the secret of its source only, which the receiver finds by its name', () => {
    const { template, inbox, secret } = build(secure);
    expect(resourcesOf(template, 'AWS::SecretsManager::Secret')).toHaveLength(1);
    expect([...inbox.parameters]).toEqual([['partner', secret]]);
    expect([...inbox.secrets.keys()]).toEqual(['shop']);
    expect(partnerIn(template)).toEqual({ provider: 'generic', parameterName: '/team/partner' });
  });

  it('may be read by the receiver, with its key', () => {
    const { template } = build(secure);
    expect(statementsOf(template)).toEqual([
      allow('secretsmanager:GetSecretValue', shopArn(template)),
      allow('ssm:GetParameter', PARAMETER_ARN),
      decrypt('ssm'),
    ]);
  });

  it('with a key of AWS needs no permission for it', () => {
    const { template } = build((stack) =>
      StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/team/partner' }),
    );
    expect(statementsOf(template).map(({ Action }) => Action)).toEqual([
      'secretsmanager:GetSecretValue',
      'ssm:GetParameter',
    ]);
  });

  it('of the app is known to the receiver once the stack is deployed', () => {
    const { template } = build((stack) => new StringParameter(stack, 'Parameter', { stringValue: 'unset' }));
    expect(partnerIn(template)).toEqual({ provider: 'generic' });
    expect(JSON.stringify(valuesIn(template))).toContain('parameterName');
  });

  it('has an output with its name in place of a secret', () => {
    const app = unbundledApp();
    const secret = secure(new Stack(app, 'Parameters'));
    const stack = new WebhookInboxStack(app, 'Hooks', { env, sources: { partner: { provider: 'generic', secret } } });
    const outputs = Template.fromStack(stack).findOutputs('*');
    expect(outputs).toHaveProperty('PartnerParameterName.Value', '/team/partner');
    expect(outputs).not.toHaveProperty('PartnerSecretName');
  });

  it('of another region is refused', () => {
    const parameterIn = (stack: Stack) =>
      secure(new Stack(stack.node.root, 'Far', { env: { ...env, region: 'us-east-1' } }));
    expect(() => build(parameterIn)).toThrow(
      'Source "partner": secret must be in the account and the region of the inbox.',
    );
  });

  it('that is a list of strings is refused', () => {
    expect(() =>
      build((stack) => StringListParameter.fromStringListParameterName(stack, 'Parameter', '/team/list')),
    ).toThrow('Source "partner": secret must not be a list of strings; use a SecureString parameter.');
  });
});

describe('existing secrets', () => {
  const many = (stack: Stack, count: number): SourcesProps => {
    const entries = Array.from({ length: count }, (_, index) => {
      const secret = Secret.fromSecretNameV2(stack, `Secret${index}`, `team/${index}`);
      return [`source-${index}`, { provider: 'generic', secret }] as const;
    });
    return Object.fromEntries(entries);
  };

  it('are as many as the policies of the role have room for', () => {
    const stack = new Stack(unbundledApp(), 'Hooks', { env });
    new WebhookInbox(stack, 'Inbox', { sources: many(stack, 50), alarms: false });
    const { Policies } = resourceNamed(Template.fromStack(stack), 'AWS::IAM::Role', 'Receiver').Properties;
    expect(JSON.stringify(Policies).length).toBeLessThan(10_240);
    const other = new Stack(unbundledApp(), 'Hooks', { env });
    expect(() => new WebhookInbox(other, 'Inbox', { sources: many(other, 90) })).toThrow(
      'The ARNs of 90 existing secrets are too long for the policies of a role; leave out secret for some sources',
    );
  });

  it('of sources beside very many new ones are named, while the new ones are named by the inbox', () => {
    const stack = new Stack(unbundledApp(), 'Hooks', { env });
    const created = Array.from({ length: 100 }, (_, index) => [`made-${index}`, { provider: 'generic' }] as const);
    new WebhookInbox(stack, 'Inbox', { sources: { ...many(stack, 1), ...Object.fromEntries(created) }, alarms: false });
    const [read] = statementsOf(Template.fromStack(stack));
    expect(JSON.stringify(read?.Resource)).toMatch(/Hooks\/Inbox\/\*.*secret:team\/0-\?{6}/);
  });
});

describe('a secret', () => {
  it.each([
    ['a text', 'whsec_1'],
    ['nothing', null],
    ['another construct', {}],
  ])('that is %s is refused', (_, secret) => {
    const sources = { partner: { provider: 'generic', secret: secret as unknown as ISecret } } as const;
    expect(() => new WebhookInbox(new Stack(unbundledApp(), 'Hooks'), 'Inbox', { sources })).toThrow(
      'Source "partner": secret must be a secret of Secrets Manager or a parameter of Systems Manager',
    );
  });

  it('is refused for a provider that signs with a certificate', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const secret = Secret.fromSecretNameV2(stack, 'Secret', 'team/partner');
    const settings = { topicArn: 'arn:aws:sns:eu-west-1:111122223333:topic' };
    expect(
      () => new WebhookInbox(stack, 'Inbox', { sources: { topic: { provider: 'sns', settings, secret } } }),
    ).toThrow(
      'Source "topic": its provider signs with a certificate or with keys that it publishes, so it has no secret; remove it.',
    );
  });
});
