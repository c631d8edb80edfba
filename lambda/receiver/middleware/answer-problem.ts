import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Received } from '../delivery.ts';
import { Problem, problemDocument } from '../problem.ts';

/** When a caller should try again, in seconds. */
const RETRY_AFTER_SECONDS = '5';

/** Answers whatever was thrown as a problem document (RFC 9457); what no one foresaw is a 500 that says no more. */
export function answerProblem(): Required<Pick<MiddlewareObj<Received, APIGatewayProxyResult>, 'onError'>> {
  return {
    onError(request) {
      const { code, issues } = asProblem(request.error);
      const document = problemDocument(code, request.event.requestId, issues);
      request.response = {
        statusCode: document.status,
        headers: {
          'Content-Type': 'application/problem+json',
          ...(document.status === 503 && { 'Retry-After': RETRY_AFTER_SECONDS }),
        },
        body: JSON.stringify(document),
      };
    },
  };
}

/** What was thrown, as a problem. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal_error', { cause: error });
}
