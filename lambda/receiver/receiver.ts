import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import type { Secrets } from '../secrets/cached-secrets.ts';
import { fetchedCertificates } from '../signature/certificates.ts';
import type { Fetch } from '../signature/download.ts';
import type { Report } from '../telemetry/delivery-report.ts';
import { openChain } from './chain.ts';
import { openDelivery, type Received } from './delivery.ts';
import { acknowledge } from './middleware/acknowledge.ts';
import { answerHandOut, answerSignedHandshake, answerUnsignedHandshake } from './middleware/answer-handshake.ts';
import { answerProblem } from './middleware/answer-problem.ts';
import { checkContentType } from './middleware/check-content-type.ts';
import { findSource } from './middleware/find-source.ts';
import { parseBody } from './middleware/parse-body.ts';
import { readBody } from './middleware/read-body.ts';
import { rejectInvalid } from './middleware/reject-invalid.ts';
import { reportDelivery } from './middleware/report-delivery.ts';
import { type StoreDependencies, storeEvents } from './middleware/store-events.ts';
import { validateEvents } from './middleware/validate-events.ts';
import { verifySignature } from './middleware/verify-signature.ts';
import type { Sources } from './source.ts';

/** What a receiver works with. */
export interface ReceiverDependencies extends StoreDependencies {
  readonly sources: Sources;
  readonly secrets: Secrets;
  readonly report: Report;
  /** For providers that publish a certificate or keys, or ask for a request as their handshake. */
  readonly fetch: Fetch;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Ends the writes of a delivery at its deadline. @default abortAt */
  readonly openDeadline?: OpenDeadline;
}

/** A Lambda function behind a REST API's proxy integration. */
export type ReceiverFunction = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** The path of a request, top to bottom: each step refuses what it is named after, and passes on the rest. */
export function receiver(dependencies: ReceiverDependencies): ReceiverFunction {
  const { sources, secrets, report, fetch, clock, openDeadline = abortAt } = dependencies;
  const receive = openChain<Received>({ ...answerProblem(), onEnd: reportDelivery(report) })
    .use(findSource(sources))
    .use(readBody())
    .use(answerHandOut(secrets))
    .use(answerUnsignedHandshake({ secrets, fetch }))
    .use(checkContentType())
    .use(verifySignature(secrets, { certificates: fetchedCertificates(fetch), fetch }))
    .use(parseBody())
    .use(answerSignedHandshake({ secrets, fetch }))
    .use(validateEvents())
    .use(rejectInvalid())
    .use(storeEvents(dependencies, openDeadline))
    .respond(acknowledge);
  return (event, context) => receive(openDelivery(event, clock()), context);
}
