import { Stack, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, Node } from 'constructs';
import { constructId } from './construct-id.ts';
import { hasSecret, type SourcesProps } from './sources.ts';

/**
 * One secret a source, but for those whose provider signs with a certificate of its own. Each begins with a value that
 * nobody knows, so that a source accepts nothing until its signing secret is put there; no value passes through the
 * template.
 */
export class SigningSecrets extends Construct {
  readonly bySource: ReadonlyMap<string, Secret>;
  /** What comes before a source's name in the name of its secret: the stack's name, and the inbox's path in it. */
  readonly namePrefix: string;

  constructor(scope: Construct, id: string, sources: SourcesProps) {
    super(scope, id);
    this.namePrefix = namePrefixOf(scope);
    this.bySource = new Map(
      Object.entries(sources)
        .filter(([, source]) => hasSecret(source))
        .map(([name, { provider }]) => [name, this.secretOf(name, provider)]),
    );
  }

  private secretOf(name: string, provider: string): Secret {
    const description = `Signing secret of the webhook source ${name} (${provider})`;
    const secret = new Secret(this, constructId(name), { secretName: this.namePrefix + name, description });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'The provider makes the secret, in its dashboard; a rotation on our side alone would refuse what it signs.',
    });
    return secret;
  }
}

/** The name of the outermost stack, since a nested one has none before it is deployed, and the path within it. */
function namePrefixOf(scope: Construct): string {
  const stack = outermost(Stack.of(scope));
  const path = Node.of(scope).path.split('/').slice(Node.of(stack).path.split('/').length);
  return [stack.stackName, ...path, ''].join('/').replace(/[^\w/+=.@-]/g, '-');
}

function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}
