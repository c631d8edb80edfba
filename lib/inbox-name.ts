import { Stack } from 'aws-cdk-lib';
import { type IConstruct, Node } from 'constructs';

/**
 * Name of an inbox: the stack's name and the inbox's path in the stack, such as `WebhookInbox/Inbox`. No other inbox of
 * the account and region has it. It is a dimension of the receiver's metrics, and the first part of secrets' names.
 */
export function inboxName(inbox: IConstruct): string {
  const stack = outermostStack(inbox);
  const path = Node.of(inbox).path.split('/').slice(Node.of(stack).path.split('/').length);
  return [stack.stackName, ...path].join('/').replace(/[^\w/+=.@-]/g, '-');
}

/** The stack that has a name before it is deployed: a nested stack has none. */
export function outermostStack(scope: IConstruct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent ? outermostStack(stack.nestedStackParent) : stack;
}
