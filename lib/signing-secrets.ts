import { Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { providers } from '../lambda/providers/index.ts';
import { constructId } from './construct-id.ts';
import type { SourceProps, SourcesProps } from './sources.ts';

/** Options of the signing secrets. */
export interface SigningSecretsProps {
  /** Name of the inbox. Each secret's name is this, a slash and the source's name. */
  readonly inbox: string;
  readonly sources: SourcesProps;
  /**
   * KMS key that encrypts the secrets, in their region.
   * @default - the key `aws/secretsmanager` of the account, free of charge
   */
  readonly encryptionKey?: IKey | undefined;
}

interface SigningSecretProps extends Pick<SigningSecretsProps, 'inbox' | 'encryptionKey'> {
  readonly name: string;
  readonly provider: string;
}

/**
 * One secret per source, except for sources whose provider signs with a certificate. Each secret starts with a random
 * value, so that its source accepts nothing until an operator stores the signing secret. The template has no secret.
 */
export class SigningSecrets extends Construct {
  readonly bySource: ReadonlyMap<string, Secret>;

  constructor(scope: Construct, id: string, { inbox, sources, encryptionKey }: SigningSecretsProps) {
    super(scope, id);
    this.bySource = new Map(
      Object.entries(sources)
        .filter(([, source]) => hasSecret(source))
        .map(([name, { provider }]) => [name, this.addSecret({ inbox, name, provider, encryptionKey })]),
    );
  }

  private addSecret({ inbox, name, provider, encryptionKey }: SigningSecretProps): Secret {
    const secret = new Secret(this, constructId(name), {
      secretName: `${inbox}/${name}`,
      description: `Signing secret of the webhook source ${name} (${provider})`,
      ...(encryptionKey && { encryptionKey }),
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'The provider issues the secret. Rotating it here alone would reject all that the provider signs.',
    });
    return secret;
  }
}

function hasSecret({ provider }: SourceProps): boolean {
  const { certificate, keySetHost } = providers[provider]().signature;
  return certificate === undefined && keySetHost === undefined;
}
