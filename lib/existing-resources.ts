import { type IResource, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { CfnGlobalTable, CfnTable, type ITable, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type ExistingSecret, isParameter } from './existing-secret.ts';
import { validateExistingSecrets } from './functions/secrets-statement.ts';
import { ImportedInbox } from './imported-inbox.ts';
import { InboxBase } from './inbox-base.ts';
import { existingPayloads, type PayloadLocation, type PayloadStore, validatePrefix } from './payload-location.ts';
import type { SourcesProps } from './sources.ts';

/** Resources of the app that an inbox uses instead of creating them. */
export interface ExistingResources {
  readonly table?: ITable | undefined;
  readonly quarantineTable?: ITable | undefined;
  readonly payloadBucket?: IBucket | PayloadLocation | undefined;
  readonly sources: SourcesProps<string>;
  /** `false` if the inbox does not forward events. */
  readonly forwarding?: { readonly bus?: IEventBus } | false | undefined;
}

/**
 * Validates resources of the app. Only tables that the app creates show their keys, their TTL attribute and their stream.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateExisting(resources: ExistingResources, inbox: Construct): string | undefined {
  const { table, quarantineTable, payloadBucket, forwarding, sources } = resources;
  const payloads = existingPayloads(payloadBucket);
  const bus = forwarding ? forwarding.bus : undefined;
  return (
    (table && (validatePlace('table', table, table.tableArn, inbox) ?? validateTable('table', table))) ??
    (table && forwarding !== false ? validateStream(table) : undefined) ??
    (quarantineTable && validateQuarantine(quarantineTable, table, inbox)) ??
    (payloads && validatePayloads(payloads, inbox)) ??
    (bus && validatePlace('forwarding.bus', bus, bus.eventBusArn, inbox)) ??
    validateSecrets(sources, inbox)
  );
}

function validateQuarantine(quarantine: ITable, table: ITable | undefined, inbox: Construct): string | undefined {
  if (quarantine.tableArn === table?.tableArn) {
    return 'quarantineTable must be another table than table, so that the events table holds only valid events.';
  }
  const name = 'quarantineTable';
  return validatePlace(name, quarantine, quarantine.tableArn, inbox) ?? validateTable(name, quarantine);
}

function validatePayloads({ payloadBucket, payloadPrefix }: PayloadStore, inbox: Construct): string | undefined {
  if (!Object.hasOwn(Object(payloadBucket), 'node'))
    return 'payloadBucket.bucket must be a bucket, such as payloadBucket: { bucket, prefix: "webhooks/" }.';
  return (
    validatePlace('payloadBucket', payloadBucket, payloadBucket.bucketArn, inbox) ??
    validatePrefix(payloadPrefix) ??
    validateApart({ payloadBucket, payloadPrefix }, inbox)
  );
}

/**
 * Two inboxes of the app stay apart in a bucket only if neither's prefix begins with that of the other. Without any prefix,
 * they share the bucket on purpose. An imported inbox stores nothing, and may be the same one.
 */
function validateApart({ payloadBucket, payloadPrefix }: PayloadStore, inbox: Construct): string | undefined {
  const other = inboxesBeside(inbox).find(
    ({ payloadBucket: bucket, payloadPrefix: prefix }) =>
      bucket.bucketName === payloadBucket.bucketName &&
      `${prefix}${payloadPrefix}` !== '' &&
      (prefix.startsWith(payloadPrefix) || payloadPrefix.startsWith(prefix)),
  );
  if (!other) return undefined;
  return `payloadBucket.prefix "${payloadPrefix}" and that of ${other.node.path}, "${other.payloadPrefix}", hold each other's objects; choose prefixes of which neither begins with the other.`;
}

function inboxesBeside(inbox: Construct): readonly InboxBase[] {
  const inboxes = inbox.node.root.node.findAll().filter((each) => each instanceof InboxBase);
  return inboxes.filter((each) => each !== inbox && !(each instanceof ImportedInbox));
}

function validateSecrets(sources: SourcesProps<string>, inbox: Construct): string | undefined {
  for (const [name, { secret }] of Object.entries(sources)) {
    const message = secret && validateSecretPlace(secret, inbox);
    if (message) return `Source "${name}": ${message}`;
  }
  return validateExistingSecrets(Object.values(sources).flatMap(({ secret }) => secret ?? []));
}

/** A secret may be in another account: its own policy and that of its key must then let the receiver's role read it. */
function validateSecretPlace(secret: ExistingSecret, inbox: Construct): string | undefined {
  if (isParameter(secret)) return validatePlace('secret', secret, secret.parameterArn, inbox);
  if (!isElsewhere('region', secret, secret.secretArn, inbox)) {
    const isForeign = isElsewhere('account', secret, secret.secretArn, inbox);
    if (!isForeign || secret.secretFullArn !== undefined) return undefined;
    return 'secret is in another account; import it by its complete ARN (Secret.fromSecretCompleteArn).';
  }
  return 'secret must be in the region of the inbox; replicate it there.';
}

/** The functions find each resource by its name, in their own account and region. */
function validatePlace(name: string, resource: IResource, arn: string, inbox: Construct): string | undefined {
  const isFar = isElsewhere('account', resource, arn, inbox) || isElsewhere('region', resource, arn, inbox);
  return isFar ? `${name} must be in the account and the region of the inbox.` : undefined;
}

function isElsewhere(what: 'account' | 'region', { env }: IResource, arn: string, inbox: Construct): boolean {
  const [, , , region, account] = arn.split(':');
  return [env[what], { account, region }[what]].some((each) => isDifferent(each, Stack.of(inbox)[what]));
}

/** An ARN may have no account and no region, as that of a bucket. A token may have any value. */
function isDifferent(given: string | undefined, expected: string): boolean {
  return Boolean(given) && Token.compareStrings(given ?? '', expected) === TokenComparison.DIFFERENT;
}

/** What a template says about a table. */
interface TableInTemplate {
  readonly keySchema: readonly { readonly attributeName: string }[];
  readonly attributeDefinitions: readonly { readonly attributeName: string; readonly attributeType: string }[];
  readonly timeToLiveSpecification?: { readonly attributeName?: string; readonly enabled: boolean };
  readonly streamSpecification?: { readonly streamViewType?: string };
}

/** @returns `undefined` for a table that the app imports */
function inTemplate(table: ITable): TableInTemplate | undefined {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnTable || resource instanceof CfnGlobalTable)) return undefined;
  const { keySchema, attributeDefinitions, timeToLiveSpecification, streamSpecification } = resource;
  const properties = { keySchema, attributeDefinitions, timeToLiveSpecification, streamSpecification };
  return Stack.of(table).resolve(properties);
}

function validateTable(name: string, table: ITable): string | undefined {
  const properties = inTemplate(table);
  if (!properties) return undefined;
  const { keySchema, attributeDefinitions, timeToLiveSpecification: timeToLive } = properties;
  const isText = attributeDefinitions.some((each) => each.attributeName === 'id' && each.attributeType === 'S');
  if (keySchema.length !== 1 || keySchema[0]?.attributeName !== 'id' || !isText) {
    return `${name} must have the partition key "id" (AttributeType.STRING), and no sort key.`;
  }
  if (timeToLive?.attributeName === 'expires_at' && timeToLive.enabled) return undefined;
  return `${name} must have timeToLiveAttribute: 'expires_at', so that its items expire.`;
}

/** The forwarder reads old images too, to leave alone what did not change. */
function validateStream(table: ITable): string | undefined {
  const advice = 'set its stream to StreamViewType.NEW_AND_OLD_IMAGES, or forwarding: false.';
  if (table.tableStreamArn === undefined) {
    return `table has no stream for the forwarder: ${advice} Import a table with its tableStreamArn (Table.fromTableAttributes).`;
  }
  const properties = inTemplate(table);
  if (!properties || properties.streamSpecification?.streamViewType === StreamViewType.NEW_AND_OLD_IMAGES) {
    return undefined;
  }
  return `table has a stream without old images: ${advice}`;
}
