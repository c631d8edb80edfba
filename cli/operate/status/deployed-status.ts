import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Source } from '../../../lambda/receiver/source.ts';
import { mapConcurrently } from '../../../lambda/storage/map-concurrently.ts';
import { OUTCOMES } from '../../deliveries/delivery-of-line.ts';
import { COUNTED_LINES } from '../../deliveries/deployed/count-outcomes.ts';
import { insightsTime, runInsightsQuery } from '../../deliveries/deployed/logs-insights.ts';
import { progressOf } from '../../progress.ts';
import { withAdvice } from '../aws-errors.ts';
import { type NamedInbox, STANDARD_STACK } from '../named-inbox.ts';
import { receiverSources } from '../receiver-sources.ts';
import { type DeployedOutputs, inboxOutputs, outputOf } from '../stack-outputs.ts';
import { checksOf } from './checks.ts';
import { type SecretState, secretState } from './secret-state.ts';
import { type Check, type DeliveryCount, type StatusReport, sourceStatus } from './status-report.ts';

/** 24 hours, in milliseconds. */
const DAY_MS = 24 * 3_600_000;

/**
 * The state of a deployed inbox.
 * @throws {UsageError} if there is no such inbox, or a part of it may not be read
 */
export async function deployedStatus(named: NamedInbox): Promise<StatusReport> {
  const outputs = await inboxOutputs(named);
  const sources = [...(await receiverSources(named, outputs)).values()];
  const [counts, checks, secrets] = await Promise.all([
    countDeliveries(outputs),
    checksOf(outputs, named.stack ?? STANDARD_STACK),
    mapConcurrently(sources, (source) => secretState(source, outputs)),
  ]);
  return {
    inbox: outputOf(outputs, 'InboxName'),
    sources: sources.map(({ name }, index) => sourceStatus(name, secrets[index] ?? { secret: 'unreadable' }, counts)),
    checks: [...secretChecks(sources, secrets), ...checks],
  };
}

/** The reason why secrets cannot be read: usually the same for all of them. */
function secretChecks(sources: readonly Source[], secrets: readonly SecretState[]): readonly Check[] {
  const unreadable = sources.flatMap(({ name }, index) => {
    const { secretError: text } = secrets[index] ?? {};
    return text === undefined ? [] : [{ name, text }];
  });
  const [first, ...others] = unreadable;
  if (!first) return [];
  const more = others.length > 0 ? `, and of ${others.length} other source${others.length > 1 ? 's' : ''}` : '';
  return [{ name: `secret of ${first.name}${more}`, text: first.text, needsAttention: true }];
}

/** Logs Insights counts, so that the size of the answer does not grow with the traffic. */
async function countDeliveries(outputs: DeployedOutputs): Promise<readonly DeliveryCount[]> {
  const now = Date.now();
  const progress = progressOf({ everyMs: 5_000 });
  const query = {
    logGroupName: outputOf(outputs, 'ReceiverLogGroupName'),
    queryString: `${COUNTED_LINES}
| stats count(*) as deliveries, max(@timestamp) as last by source, outcome, used_previous_secret`,
    from: now - DAY_MS,
    to: now,
  };
  const results = await withAdvice("read the receiver's log", () =>
    runInsightsQuery(new CloudWatchLogsClient(), query, { progress }),
  );
  progress.end();
  return results.flatMap(({ source, outcome: word, deliveries, last = '', used_previous_secret: previous }) => {
    const outcome = OUTCOMES.find((each) => each === word);
    if (source === undefined || outcome === undefined) return [];
    return [
      { source, outcome, usedPreviousSecret: Boolean(previous), count: Number(deliveries), lastAt: insightsTime(last) },
    ];
  });
}
