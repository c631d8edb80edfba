import { Stack, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, Node } from 'constructs';
import { providers } from '../lambda/providers/index.ts';
import { constructId } from './construct-id.ts';
import type { SourceProps, SourcesProps } from './sources.ts';

/**
 * One secret per source, except for sources whose provider signs with a certificate. Each secret starts with a random
 * value, so that its source accepts nothing until an operator stores the signing secret. The template has no secret.
 */
export class SigningSecrets extends Construct {
  readonly bySource: ReadonlyMap<string, Secret>;
  /** Prefix of the secrets' names: the stack's name and the inbox's path in the stack. The source's name follows. */
  readonly namePrefix: string;

  constructor(scope: Construct, id: string, sources: SourcesProps) {
    super(scope, id);
    this.namePrefix = namePrefixOf(scope);
    this.bySource = new Map(
      Object.entries(sources)
        .filter(([, source]) => hasSecret(source))
        .map(([name, { provider }]) => [name, this.addSecret(name, provider)]),
    );
  }

  private addSecret(name: string, provider: string): Secret {
    const description = `Signing secret of the webhook source ${name} (${provider})`;
    const secret = new Secret(this, constructId(name), { secretName: this.namePrefix + name, description });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'The provider issues the secret. Rotating it here alone would reject all that the provider signs.',
    });
    return secret;
  }
}

function hasSecret({ provider }: SourceProps): boolean {
  return providers[provider]().signature.certificate === undefined;
}

/** A nested stack has no name before it is deployed, hence the outermost stack's name and the path from there. */
function namePrefixOf(scope: Construct): string {
  const stack = outermost(Stack.of(scope));
  const path = Node.of(scope).path.split('/').slice(Node.of(stack).path.split('/').length);
  return [stack.stackName, ...path, ''].join('/').replace(/[^\w/+=.@-]/g, '-');
}

function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}
