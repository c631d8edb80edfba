import { validateCustomDomain } from './api/custom-domain.ts';
import { validateAllowLists } from './api/resource-policy.ts';
import { validateWaf } from './api/web-acl.ts';
import { validateStageName } from './api/webhook-api.ts';
import { validateForwarding } from './functions/forwarding-props.ts';
import { validateFunctions } from './functions/function-options.ts';
import { validateReservedConcurrency } from './functions/receiver-function.ts';
import { validateAlarms } from './monitoring/alarms-props.ts';
import type { InboxProviders } from './providers/inbox-providers.ts';
import { validateRetention, validateSources, validateThrottle } from './validate-sources.ts';
import type { WebhookInboxProps } from './webhook-inbox-props.ts';

/**
 * Validates the props of an inbox, also for callers without type checks. `validateExisting` validates existing resources.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateInbox(props: WebhookInboxProps<string>, providers: InboxProviders): string | undefined {
  const { sources, retention, throttle, waf, customDomain, reservedConcurrency, forwarding, alarms } = props;
  const { functions, stageName } = props;
  return (
    validateSources(sources, providers) ??
    validateAllowLists(sources) ??
    (retention && validateRetention(retention)) ??
    (throttle && validateThrottle(throttle)) ??
    (waf ? validateWaf(waf) : undefined) ??
    (customDomain && validateCustomDomain(customDomain, sources)) ??
    validateReservedConcurrency(reservedConcurrency) ??
    (functions && validateFunctions(functions)) ??
    (stageName === undefined ? undefined : validateStageName(stageName)) ??
    (alarms ? validateAlarms(alarms, sources) : undefined) ??
    (forwarding ? validateForwarding(forwarding) : undefined)
  );
}
