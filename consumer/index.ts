export type { GuardPut, GuardWrite } from './guard-put.ts';
export type {
  InboxEvent,
  InboxEventData,
  InboxEventDetail,
  PayloadOf,
  PayloadPlace,
  SourceEvent,
} from './inbox-event.ts';
export { type GuardDocuments, InProgressError, type Once, type OnceOptions, once, type RunOptions } from './once.ts';
export { parseSqsRecord, type SqsRecord } from './parse-sqs-record.ts';
export { type PayloadClients, PayloadError, readPayload } from './read-payload.ts';
