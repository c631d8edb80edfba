import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { ReceiverFunction } from '../../lambda/receiver/receiver.ts';

const CONTEXT = { awsRequestId: 'lambda-request', getRemainingTimeInMillis: () => 10_000 } as Context;

/** Calls the function as Lambda does, without HTTP, with any event. */
export function callLambda(
  receive: ReceiverFunction,
  event: Partial<APIGatewayProxyEvent>,
): Promise<APIGatewayProxyResult> {
  return receive(event as APIGatewayProxyEvent, CONTEXT);
}
