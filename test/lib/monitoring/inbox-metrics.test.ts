import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PROBLEMS } from '../../../lambda/receiver/problem.ts';
import { InboxMetrics, type RejectionCode, type SourceMetricOptions } from '../../../lib/monitoring/inbox-metrics.ts';
import { WebhookInbox } from '../../../lib/webhook-inbox.ts';
import { unbundledApp } from '../synthesis.ts';

const env = { region: 'eu-west-1', account: '111122223333' };
const stack = new Stack(unbundledApp(), 'Hooks', { env });
const sources = { partner: { provider: 'generic' }, shop: { provider: 'shopify' } } as const;
const inbox = new WebhookInbox(stack, 'Inbox', { sources });
const dimensions = { service: 'webhook-inbox', inbox: 'Hooks/Inbox', source: 'partner' };

/** The names of the metrics in the table of docs/metrics.md. */
function documentedNames(): string[] {
  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const [, table = ''] = /\n\| metric \| meaning \|\n([\s\S]*?)\n\n/.exec(page) ?? [];
  return table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

type Method = (options: SourceMetricOptions & { reason?: string }) => Metric;

describe('the metric methods of an inbox', () => {
  it('are one for each metric in docs/metrics.md', () => {
    const methods = Object.getOwnPropertyNames(InboxMetrics.prototype);
    const names = methods.flatMap((name) => /^metric([A-Z]\w+)$/.exec(name)?.[1] ?? []);
    expect(names.sort()).toEqual(documentedNames().sort());
  });

  it.each(documentedNames().filter((name) => name !== 'Rejected'))('return the metric %s of the source', (name) => {
    const method = Reflect.get(inbox, `metric${name}`) as Method;
    expect(method.call(inbox, { source: 'partner' })).toMatchObject({
      namespace: 'WebhookInbox',
      metricName: name,
      dimensions,
      period: Duration.minutes(5),
      statistic: name === 'StoreLatency' ? 'p99' : 'Sum',
    });
  });

  it('take the options of the CDK', () => {
    const options = { source: 'partner', statistic: 'SampleCount', period: Duration.hours(1), label: 'Orders' };
    const metric = inbox.metricProcessed(options);
    expect(metric).toMatchObject({ dimensions, statistic: 'SampleCount', period: Duration.hours(1), label: 'Orders' });
  });

  it('take the reason of a rejection or of a quarantine, as a further dimension', () => {
    expect(inbox.metricRejected({ source: 'partner', reason: 'invalid_signature' }).dimensions).toEqual({
      ...dimensions,
      reason: 'invalid_signature',
    });
    expect(inbox.metricQuarantined({ source: 'partner', reason: 'no_event_id' }).dimensions).toEqual({
      ...dimensions,
      reason: 'no_event_id',
    });
  });

  it('take every code with which a source rejects', () => {
    const codes: Record<RejectionCode, true> = {
      malformed_body: true,
      invalid_signature: true,
      not_found: true,
      event_id_conflict: true,
      payload_too_large: true,
      unsupported_media_type: true,
      invalid_event: true,
    };
    const rejections = Object.entries(PROBLEMS).filter(([, { status }]) => status < 500);
    expect(Object.keys(codes)).toEqual(rejections.map(([code]) => code));
  });

  it('refuse an unknown source, and list the sources', () => {
    expect(() => inbox.metricQueued({ source: 'shopp' })).toThrow(
      'metricQueued: there is no source "shopp". The sources are partner, shop.',
    );
  });

  it('return metrics of the account and the region of the inbox, also for a dashboard elsewhere', () => {
    expect(inbox.metricFailed({ source: 'shop' }).toMetricConfig().metricStat).toMatchObject(env);
  });
});

describe('the attributes of an inbox', () => {
  const idOf = (construct: { node: { path: string } } | undefined) => construct?.node.path;

  it('are the API, the functions, their log groups, the alarms and the dashboard', () => {
    const { api, receiver, forwarder, dashboard, logGroups } = inbox;
    expect([api, receiver, forwarder, dashboard].map(idOf)).toEqual([
      'Hooks/Inbox/Gateway/Api',
      'Hooks/Inbox/Receiver/Function',
      'Hooks/Inbox/Forwarding/Function',
      'Hooks/Inbox/Monitoring/Dashboard',
    ]);
    expect(Object.fromEntries(Object.entries(logGroups).map(([name, group]) => [name, idOf(group)]))).toEqual({
      receiver: 'Hooks/Inbox/Receiver/Logs',
      overflow: 'Hooks/Inbox/Overflow/Logs',
      forwarder: 'Hooks/Inbox/Forwarding/Logs',
      access: 'Hooks/Inbox/Gateway/AccessLogs/Logs',
    });
    expect(inbox.alarms.map(idOf)).toContain('Hooks/Inbox/Monitoring/PartnerUnavailable');
  });

  it('are undefined or empty for what is disabled', () => {
    const bare = new WebhookInbox(stack, 'Bare', { sources, alarms: false, forwarding: false, accessLogs: false });
    expect(bare).toMatchObject({ alarms: [], dashboard: undefined, forwarder: undefined });
    expect(bare.logGroups).toMatchObject({ forwarder: undefined, access: undefined });
  });
});
