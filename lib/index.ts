export type { CustomDefinition, ProviderName, ProviderSettings } from '../lambda/providers/index.ts';
export type { AccessLogsProps } from './api/access-logs.ts';
export type { CustomDomainProps } from './api/custom-domain.ts';
export type { WafProps } from './api/web-acl.ts';
export type { EventRule, OnEventProps } from './event-rule.ts';
export type { ExistingSecret } from './existing-secret.ts';
export type { EventForwarding } from './functions/event-forwarding.ts';
export type { EventOverflow } from './functions/event-overflow.ts';
export type { ForwardingProps } from './functions/forwarding-props.ts';
export type { FunctionOptions, FunctionsProps, SharedFunctionOptions } from './functions/function-options.ts';
export type { WebhookInboxAttributes } from './imported-inbox.ts';
export type { IWebhookInbox } from './inbox-base.ts';
export type { AlarmThresholds } from './monitoring/alarm-thresholds.ts';
export type { AlarmActions, AlarmsProps } from './monitoring/alarms-props.ts';
export type {
  QuarantinedMetricOptions,
  RejectedMetricOptions,
  RejectionCode,
  SourceMetricOptions,
} from './monitoring/inbox-metrics.ts';
export type { PayloadLocation } from './payload-location.ts';
export type { OwnProviderProps } from './providers/own-provider.ts';
export type {
  CustomSourceProps,
  OnInvalid,
  OwnSourceProps,
  SourceOptions,
  SourceProps,
  SourcePropsOf,
  SourcesProps,
  Throttle,
} from './sources.ts';
export { type InboxLogGroups, WebhookInbox } from './webhook-inbox.ts';
export type { WebhookInboxProps } from './webhook-inbox-props.ts';
export { WebhookInboxStack } from './webhook-inbox-stack.ts';
