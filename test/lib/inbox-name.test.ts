import { describe, expect, it } from '@jest/globals';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { inboxName } from '../../lib/inbox-name.ts';

/** The name of an inbox in this scope. */
const nameIn = (scope: Construct, id = 'Inbox') => inboxName(new Construct(scope, id));

describe('The name of an inbox', () => {
  it('is the name of its stack, as CloudFormation has it, and its path in the stack', () => {
    expect(nameIn(new Stack(new App(), 'Hooks'))).toBe('Hooks/Inbox');
    expect(nameIn(new Stack(new App(), 'Hooks', { stackName: 'hooks-eu' }))).toBe('hooks-eu/Inbox');
    expect(nameIn(new Stack(new Stage(new App(), 'Live'), 'Hooks'))).toBe('Live-Hooks/Inbox');
    expect(nameIn(new Construct(new Stack(new App(), 'Hooks'), 'Outer'))).toBe('Hooks/Outer/Inbox');
  });

  it('begins with the outermost stack if the inbox is in a nested one, which has no name before it is deployed', () => {
    expect(nameIn(new NestedStack(new Stack(new App(), 'Hooks'), 'Nested'))).toBe('Hooks/Nested/Inbox');
  });

  it('has only characters that the name of a secret may have', () => {
    expect(nameIn(new Stack(new App(), 'Hooks'), 'In box: ü')).toBe('Hooks/In-box---');
  });
});
