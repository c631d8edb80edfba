import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { EventStore } from './events/event-store.ts';
import { answerProblem } from './middleware/answer-problem.ts';
import { checkContentType } from './middleware/check-content-type.ts';
import { type Delivery, openDelivery } from './middleware/delivery.ts';
import { findSource } from './middleware/find-source.ts';
import { parseBody } from './middleware/parse-body.ts';
import { readBody } from './middleware/read-body.ts';
import { reportDelivery } from './middleware/report-delivery.ts';
import { storeEvent } from './middleware/store-event.ts';
import { validateEvent } from './middleware/validate-event.ts';
import { verifySignature } from './middleware/verify-signature.ts';
import type { Report } from './reports/delivery-report.ts';
import type { Secrets } from './secrets/cached-secrets.ts';
import type { Sources } from './source.ts';

/** What a receiver works with. */
export interface ReceiverParts {
  readonly sources: Sources;
  readonly secrets: Secrets;
  readonly store: EventStore;
  readonly report: Report;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** A Lambda function behind a REST API's proxy integration. */
export type ReceiverFunction = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** The story of a request, top to bottom: each line refuses what it is named after, and passes on the rest. */
export function receiver({ sources, secrets, store, report, clock }: ReceiverParts): ReceiverFunction {
  const receive = middy<Delivery, APIGatewayProxyResult>({
    requestEnd: reportDelivery(report),
    timeoutEarlyInMillis: 0,
  })
    .use(answerProblem())
    .use(findSource(sources))
    .use(readBody())
    .use(checkContentType())
    .use(verifySignature(secrets))
    .use(parseBody())
    .use(validateEvent())
    .handler(storeEvent(store));
  return (event, context) => receive(openDelivery(event, clock()), context);
}
