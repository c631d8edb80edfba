import { NestedStack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { constructId } from './construct-id.ts';
import { isParameter } from './existing-secret.ts';
import type { InboxProviders } from './providers/inbox-providers.ts';
import { sourceProvider } from './source-provider.ts';
import type { SourceProps, SourcesProps } from './sources.ts';

/** Options of the signing secrets. */
export interface SigningSecretsProps {
  /** Name of the inbox. Each secret's name is this, a slash and the source's name. */
  readonly inbox: string;
  readonly sources: SourcesProps<string>;
  readonly providers: InboxProviders;
  /**
   * KMS key that encrypts the secrets, in their region.
   * @default - the key `aws/secretsmanager` of the account, free of charge
   */
  readonly encryptionKey?: IKey | undefined;
}

/**
 * How many secrets are in the inbox's stack: as many as inboxes could have before nested stacks, so that updating one
 * moves no secret, and few enough to leave room for everything else among the 500 resources of a stack.
 */
const MAX_IN_STACK = 150;

/** How many secrets are in a nested stack, which may have 500 resources. */
const MAX_IN_NESTED_STACK = 400;

/**
 * One secret per source, except for sources whose provider signs with a certificate: an existing secret or parameter, or
 * a new secret. A new secret starts with a random value, so that its source accepts nothing until an operator stores the
 * signing secret. The templates have no secret.
 *
 * The first 150 new secrets, in the order of the sources, are in the inbox's stack. The others are in nested stacks of 400
 * each, so that a source that is appended moves no secret. A source that is inserted or removed moves the secret after
 * each boundary to another stack, which CloudFormation refuses, because the secret already exists: docs/scale.md#sources
 * describes how to avoid that.
 */
export class SigningSecrets extends Construct {
  /** The new secrets. */
  readonly created: ReadonlyMap<string, Secret>;
  /** The secrets of Secrets Manager, new and existing ones. */
  readonly bySource: ReadonlyMap<string, ISecret>;
  /** The parameters of Systems Manager. */
  readonly parameters: ReadonlyMap<string, IParameter>;

  constructor(scope: Construct, id: string, { inbox, sources, providers, encryptionKey }: SigningSecretsProps) {
    super(scope, id);
    const withSecret = Object.entries(sources).filter(([, source]) => hasSecret(providers, source));
    const created = withSecret.filter(([, { secret }]) => secret === undefined);
    this.created = new Map(
      created.map(([name, { provider }], index) => {
        return [name, addSecret(this.scopeAt(index), { inbox, name, provider, encryptionKey })];
      }),
    );
    const bySource = new Map<string, ISecret>();
    const parameters = new Map<string, IParameter>();
    for (const [name, { secret = this.created.get(name) }] of withSecret) {
      if (!secret) continue;
      if (isParameter(secret)) parameters.set(name, secret);
      else bySource.set(name, secret);
    }
    this.bySource = bySource;
    this.parameters = parameters;
  }

  /** The scope of a secret, given its place among the secrets. */
  private scopeAt(index: number): Construct {
    if (index < MAX_IN_STACK) return this;
    const number = Math.floor((index - MAX_IN_STACK) / MAX_IN_NESTED_STACK) + 1;
    // With a hyphen, which the construct id of a source does not have.
    const id = `Nested-${number}`;
    const nested = this.node.tryFindChild(id) as NestedStack | undefined;
    return nested ?? new NestedStack(this, id, { description: 'Signing secrets of a webhook inbox' });
  }
}

interface SigningSecretProps extends Pick<SigningSecretsProps, 'inbox' | 'encryptionKey'> {
  readonly name: string;
  readonly provider: string;
}

function addSecret(scope: Construct, { inbox, name, provider, encryptionKey }: SigningSecretProps): Secret {
  const secret = new Secret(scope, constructId(name), {
    secretName: `${inbox}/${name}`,
    description: `Signing secret of the webhook source ${name} (${provider})`,
    ...(encryptionKey && { encryptionKey }),
  });
  acknowledge(secret, {
    rule: 'SMG4',
    reason: 'The provider issues the secret. Rotating it here alone would reject all that the provider signs.',
  });
  return secret;
}

function hasSecret(providers: InboxProviders, source: SourceProps<string>): boolean {
  const { certificate, keySetHost } = sourceProvider(providers, source).signature;
  return certificate === undefined && keySetHost === undefined;
}
