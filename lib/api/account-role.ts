import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { outermostStack } from '../inbox-name.ts';

const ID = 'WebhookInboxAccountRole';

/**
 * The role with which API Gateway writes the logs of all APIs in an account and region, and the setting that names it.
 * Both outlive the stack, as other APIs may write their logs with the role.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
class AccountRole extends Construct {
  constructor(scope: Construct) {
    super(scope, ID);
    const role = new Role(this, 'Role', {
      description: 'Writes the logs of all APIs of API Gateway',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn }).applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledge(role, {
      rule: 'IAM4',
      finding: 'Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
      reason:
        'API Gateway writes the logs of all APIs in the account with one role, and requires the permissions of this policy.',
    });
  }
}

/** The account role in the outermost stack of a scope. The first inbox of a stack creates it, and the others share it. */
export function accountRoleFor(scope: IConstruct): IConstruct {
  const stack = outermostStack(scope);
  return stack.node.tryFindChild(ID) ?? new AccountRole(stack);
}
