import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { localFetch } from '../../cli/local/local-certificates.ts';
import type { EventItem } from '../../lambda/events/event-item.ts';
import type { EventStore } from '../../lambda/events/event-store.ts';
import { custom } from '../../lambda/providers/custom/custom.ts';
import type { CustomDefinition } from '../../lambda/providers/custom/custom-definition.ts';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import type { QuarantineItem } from '../../lambda/quarantine/quarantine-item.ts';
import { type ReceiverFunction, receiver } from '../../lambda/receiver/receiver.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import { type OnInvalid, openSource } from '../../lambda/receiver/source.ts';
import { cachedSecrets } from '../../lambda/secrets/cached-secrets.ts';
import type { SigningSecret } from '../../lambda/secrets/signing-secret.ts';
import type { Fetch } from '../../lambda/signature/download.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { fillIn } from '../../samples/sample.ts';
import { neverPasses } from './deadlines.ts';
import { memoryEventStore, memoryPayloadBucket, memoryQuarantine, noOverflowQueue } from './memory-stores.ts';
import type { VectorRequest } from './vectors.ts';

/** Now, on the clock of these tests. */
export const NOW = Date.parse('2026-03-01T12:00:00.250Z');

/** The inbox of one provider, called without HTTP. It stores into a list. */
export interface ProviderInbox {
  readonly items: EventItem[];
  /** The items of the quarantine. */
  readonly quarantined: QuarantineItem[];
  /** The objects of the payload bucket. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly reports: DeliveryReport[];
  readonly clock: { now: number };
  readonly provider: Provider;
  readonly secret: { value: SigningSecret };
  /** The function itself. */
  readonly receive: ReceiverFunction;
  readonly deliver: (request: SignedRequest) => Promise<APIGatewayProxyResult>;
  /** @param body replaces the body of the request */
  readonly sign: (request: VectorRequest, key?: string, body?: Buffer) => SignedRequest;
}

/** What a test may choose. */
export interface ProviderInboxOptions {
  readonly provider: ProviderName;
  /** Makes it a custom source, of the same name. @default - the provider of the registry */
  readonly definition?: CustomDefinition;
  readonly keys: SigningKeys;
  readonly settings?: Readonly<Record<string, string>>;
  readonly publicUrl?: string;
  /** @default - the provider's */
  readonly onInvalid?: OnInvalid;
  /** @default - 30 days */
  readonly retentionSeconds?: number;
  /** In place of what stands in for the host of the provider's certificate. */
  readonly fetch?: Fetch;
  /** More of the request context of API Gateway than the request id. */
  readonly requestContext?: Partial<APIGatewayProxyEvent['requestContext']>;
  /** @default a list */
  readonly store?: EventStore;
}

export function providerInbox(options: ProviderInboxOptions): ProviderInbox {
  const { provider: name, keys, publicUrl = `https://hooks.example.com/webhooks/${options.provider}` } = options;
  const settings = options.settings ?? exampleSettings(providers[name]());
  const { onInvalid, retentionSeconds } = options;
  const retention = retentionSeconds === undefined ? {} : { retentionSeconds };
  const sourceOptions = { publicUrl, settings, onInvalid, ...retention };
  const source = options.definition
    ? openSource(name, { provider: 'custom', ...sourceOptions }, custom(options.definition))
    : toSource(name, { provider: name, ...sourceOptions });
  const items: EventItem[] = [];
  const quarantined: QuarantineItem[] = [];
  const objects = new Map<string, Uint8Array>();
  const reports: DeliveryReport[] = [];
  const clock = { now: NOW };
  const secret: { value: SigningSecret } = { value: { current: keys.verification } };
  const receive = receiver({
    sources: new Map([[name, source]]),
    secrets: cachedSecrets(
      async () => ({ secret: secret.value }),
      () => clock.now,
      { timeToLive: 0 },
    ),
    store: options.store ?? memoryEventStore(items),
    quarantine: memoryQuarantine(quarantined),
    payloads: memoryPayloadBucket(objects),
    overflow: noOverflowQueue,
    openDeadline: neverPasses,
    report: (report) => reports.push(report),
    fetch: options.fetch ?? localFetch(new Map([[name, source]]), () => keys),
    clock: () => clock.now,
  });
  return {
    items,
    quarantined,
    objects,
    reports,
    clock,
    provider: source.provider,
    secret,
    receive,
    deliver: (request) => receive(toProxyEvent(name, request, options.requestContext), {} as Context),
    sign(request, key = keys.signing, body = Buffer.from(fillIn(request.body, clock.now))) {
      const entries = Object.entries(request.headers);
      const headers = new Map(entries.map(([header, value]) => [header, [fillIn(value, clock.now)]]));
      const unsigned = { method: 'POST', url: publicUrl, query: new URLSearchParams(), headers, body };
      return source.provider.signature.sign(unsigned, { key, now: clock.now, settings });
    },
  };
}

/** A request as API Gateway hands it over. */
export function toProxyEvent(
  source: string,
  { method, query, headers, body }: SignedRequest,
  requestContext: ProviderInboxOptions['requestContext'] = {},
): APIGatewayProxyEvent {
  const names = [...new Set(query.keys())];
  return {
    resource: '/webhooks/{source}',
    pathParameters: { source },
    path: `/webhooks/${source}`,
    httpMethod: method,
    multiValueHeaders: Object.fromEntries([...headers].map(([name, values]) => [name, [...values]])),
    multiValueQueryStringParameters: Object.fromEntries(names.map((name) => [name, query.getAll(name)])),
    requestContext: { ...requestContext, requestId: 'request' },
    body: body.toString('base64'),
    isBase64Encoded: true,
  } as unknown as APIGatewayProxyEvent;
}
