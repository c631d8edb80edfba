import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Annotations as AnnotationsOfApp, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { SourcesProps } from '../../lib/sources.ts';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { unbundledApp } from './synthesis.ts';

const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-warnings-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example of a provider in code, with the id of an event in a header. */
function unsignedIdProvider(): string {
  const file = join(folder, 'acme.ts');
  const code = readFileSync('examples/own-provider/acme.ts', 'utf8')
    .replace("['acme-event']", "['acme-event', 'acme-id']")
    .replace('({ id, order }, { headers }) => ({ id,', "({ order }, { headers }) => ({ id: header(headers, 'acme-id'),")
    .replace("'acme-event': 'order.paid'", "'acme-event': 'order.paid', 'acme-id': '1'")
    .replace('webhook-inbox/provider', join(process.cwd(), 'provider/index.ts'))
    .replace("'valibot'", `'${join(process.cwd(), 'node_modules/valibot/dist/index.mjs')}'`);
  writeFileSync(file, code);
  return file;
}

function warningsOf(sources: SourcesProps<'acme'>, acknowledged: readonly string[] = []): readonly unknown[] {
  const stack = new Stack(unbundledApp(), 'Hooks');
  const providers: WebhookInboxProps<'acme'>['providers'] = { acme: { entry: unsignedIdProvider() } };
  const inbox = new WebhookInbox(stack, 'Inbox', { sources, providers, forwarding: false, alarms: false });
  for (const id of acknowledged) AnnotationsOfApp.of(inbox).acknowledgeWarning(id, 'Consumers ignore duplicates.');
  return Annotations.fromStack(stack)
    .findWarning('/Hooks/Inbox', Match.anyValue())
    .map(({ entry }) => entry.data);
}

describe('a source whose provider of the app identifies events by a header that is not signed', () => {
  it('has a warning at synthesis that names the header', () => {
    expect(warningsOf({ shop: { provider: 'acme' } })).toEqual([
      expect.stringMatching(
        /^Source "shop": event\.id: a captured request .* `acme-id`, which is not signed.*webhook-inbox:provider:shop:event\.id\]$/,
      ),
    ]);
  });

  it('has none if only the addresses of the sender can call it, or if it is acknowledged', () => {
    expect(warningsOf({ shop: { provider: 'acme', allowedCidrs: ['192.0.2.0/24'] } })).toEqual([]);
    expect(warningsOf({ shop: { provider: 'acme' } }, ['webhook-inbox:provider:shop:event.id'])).toEqual([]);
  });
});

describe('a source of a built-in provider', () => {
  it('has no warning at synthesis, since its owner cannot choose: its page has it', () => {
    expect(warningsOf({ repository: { provider: 'github' }, payments: { provider: 'stripe' } })).toEqual([]);
  });
});
