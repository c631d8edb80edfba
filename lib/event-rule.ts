import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IEventBus, type IRuleTarget, Match, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { deadLetterQueue } from './functions/dead-letter-queue.ts';
import { allowRules } from './key-policy.ts';
import { ruleAlarm } from './monitoring/alarms.ts';
import type { AlarmActions } from './monitoring/alarms-props.ts';
import { addActions, addAlarm } from './monitoring/monitoring.ts';

/** Options of `WebhookInbox.onEvent`. */
export interface OnEventProps {
  /**
   * Where the events go, such as `new LambdaFunction(consumer)` or `new SqsQueue(queue)` of
   * `aws-cdk-lib/aws-events-targets`, without a dead-letter queue.
   *
   * Lambda takes an event before the function processes it. Give the function an `onFailure` destination for what it
   * fails to process, or use a queue.
   */
  readonly target: IRuleTarget;
  /**
   * Types of the events, as the field `detail-type` has them: `invoice.paid`, or with wildcards, `invoice.*`. Upper and
   * lower case differ.
   * @default - every type
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
   */
  readonly types?: readonly string[];
  /**
   * Construct id. The second rule of a source needs one. A change replaces the rule and its dead-letter queue.
   * @default - `On` and the name of the source, such as `OnStripeEu`
   */
  readonly id?: string;
  /**
   * Scope of the rule, its dead-letter queue and its alarm. If the target is in another stack than the inbox, choose that
   * stack: otherwise, the stacks may depend on each other.
   * @default - the inbox
   */
  readonly crossStackScope?: Construct;
}

/** Options of a rule. */
export interface EventRuleProps extends Pick<OnEventProps, 'target' | 'types'> {
  /** Name of the source. */
  readonly source: string;
  readonly bus: IEventBus;
  readonly encryptionKey?: IKey | undefined;
  /** Actions of the alarm that fires if there are dead letters. `false` leaves out the alarm. */
  readonly alarm: AlarmActions | false;
}

/**
 * Validates the types of a rule's events.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateTypes(types: readonly string[] = ['*']): string | undefined {
  if (types.length === 0) return 'types is empty, so no event would match; leave it out for events of every type.';
  if (types.includes('')) return 'types has an empty string, which no event has as its type; remove it.';
  const invalid = types.find((type) => type.includes('**'));
  return invalid && `types has "${invalid}", but EventBridge takes no two wildcards in a row; write one *.`;
}

/**
 * A rule on the inbox's bus that sends events of one source to a target. EventBridge retries a target for 24 hours; then
 * the event goes to a dead-letter queue, and an alarm fires.
 */
export class EventRule extends Construct {
  /** Rule on the inbox's bus. */
  readonly rule: Rule;
  /**
   * Dead-letter queue. The body of a message is the event; the attributes `ERROR_CODE` and `ERROR_MESSAGE` are the
   * reason.
   */
  readonly deadLetters: Queue;
  /** Alarm on the dead-letter queue; `undefined` if the inbox has no alarms. */
  readonly alarm: Alarm | undefined;

  /** @throws {Error} if the target already has a dead-letter queue */
  constructor(scope: Construct, id: string, props: EventRuleProps) {
    super(scope, id);
    const { source, bus, target, encryptionKey, alarm } = props;
    this.deadLetters = deadLetterQueue(this, encryptionKey);
    acknowledge(this.deadLetters, {
      rule: 'SQS3',
      reason: 'This queue is itself a dead-letter queue, for events that their target does not take.',
    });
    this.rule = new Rule(this, 'Rule', {
      description: `Events of the source ${source}`,
      eventBus: bus,
      eventPattern: patternOf(props),
      targets: [withDeadLetters(target, this.deadLetters)],
    });
    this.allowDeadLetters();
    if (encryptionKey) allowRules(encryptionKey, bus);
    if (!alarm) return;
    this.alarm = addAlarm(this, 'Alarm', ruleAlarm(source, this.deadLetters));
    addActions([this.alarm], alarm);
  }

  private allowDeadLetters(): void {
    this.deadLetters.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.rule.ruleArn } },
      }),
    );
  }
}

function patternOf({ source, types }: EventRuleProps) {
  const matchers = types?.map((type) => (type.includes('*') ? Match.wildcard(type) : type));
  return { source: [`webhook-inbox.${source}`], ...(matchers && { detailType: Match.anyOf(...matchers) }) };
}

/** The target, with a dead-letter queue. */
function withDeadLetters(target: IRuleTarget, { queueArn }: Queue): IRuleTarget {
  return {
    bind: (rule, id) => {
      const config = target.bind(rule, id);
      if (config.deadLetterConfig) {
        throw new Error('The target has a dead-letter queue, and onEvent adds one; leave out that of the target.');
      }
      return { ...config, deadLetterConfig: { arn: queueArn } };
    },
  };
}
