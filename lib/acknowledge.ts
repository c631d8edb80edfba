import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The types of resources that each rule of cdk-nag looks at, by the rule's name without `AwsSolutions-`. */
const RESOURCE_TYPES = {
  APIG1: ['AWS::ApiGateway::Stage'],
  APIG2: ['AWS::ApiGateway::RestApi'],
  APIG3: ['AWS::ApiGateway::Stage'],
  APIG4: ['AWS::ApiGateway::Method'],
  APIG6: ['AWS::ApiGateway::Stage'],
  COG4: ['AWS::ApiGateway::Method'],
  IAM4: ['AWS::IAM::Role'],
  IAM5: ['AWS::IAM::Role', 'AWS::IAM::Policy'],
  S1: ['AWS::S3::Bucket'],
  SMG4: ['AWS::SecretsManager::Secret'],
  SQS3: ['AWS::SQS::Queue'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A finding of cdk-nag that holds on purpose. */
export interface AcknowledgedFinding {
  readonly rule: keyof typeof RESOURCE_TYPES;
  /**
   * What the rule finds, such as `Resource::*`, if it may find several things in a resource.
   * @default - whatever the rule finds
   */
  readonly finding?: string;
  /** Why the finding holds on purpose: ASCII only, which cdk-nag 2 does not have to encode. */
  readonly reason: string;
}

/**
 * Acknowledges findings of the rules `AwsSolutions` within a construct, for cdk-nag 3, which reads them from the
 * construct, and for cdk-nag 2, which reads them from the metadata of each resource. Resources that are added later are
 * not acknowledged for cdk-nag 2.
 * @see https://github.com/cdklabs/cdk-nag/blob/main/README.md
 */
export function acknowledge(scope: IConstruct, ...findings: readonly AcknowledgedFinding[]): void {
  for (const { rule, finding, reason } of findings) {
    const id = `AwsSolutions-${rule}`;
    Validations.of(scope).acknowledge({ id: `AwsSolutions::${id}${finding ? `[${finding}]` : ''}`, reason });
    const suppression = { id, reason, ...(finding && { applies_to: [finding] }) };
    for (const resource of resourcesIn(scope, RESOURCE_TYPES[rule])) suppress(resource, suppression);
  }
}

function resourcesIn(scope: IConstruct, types: readonly string[]): CfnResource[] {
  return scope.node
    .findAll()
    .filter(CfnResource.isCfnResource)
    .filter(({ cfnResourceType }) => types.includes(cfnResourceType));
}

function suppress(resource: CfnResource, suppression: object): void {
  const { rules_to_suppress = [] } = resource.getMetadata('cdk_nag') ?? {};
  resource.addMetadata('cdk_nag', { rules_to_suppress: [...rules_to_suppress, suppression] });
}
