import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PROBLEMS, type ProblemCode } from '../../lambda/receiver/problem.ts';

/** What of the edge may refuse a request. */
export interface GatewayResponsesOptions {
  /** A source has an allow-list. */
  readonly isRestricted: boolean;
  /** There is a web ACL. */
  readonly isFiltered: boolean;
}

/** Has the gateway word its own refusals as the function does. */
export function addGatewayResponses(api: RestApi, { isRestricted, isFiltered }: GatewayResponsesOptions): void {
  const answer = (type: ResponseType, code: ProblemCode) =>
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(PROBLEMS[code].status),
      responseHeaders: { 'Content-Type': "'application/problem+json'" },
      templates: { 'application/json': problemTemplate(code) },
    });
  answer(ResponseType.MISSING_AUTHENTICATION_TOKEN, 'not_found');
  answer(ResponseType.RESOURCE_NOT_FOUND, 'not_found');
  answer(ResponseType.REQUEST_TOO_LARGE, 'payload_too_large');
  answer(ResponseType.DEFAULT_5XX, 'internal_error');
  if (isRestricted) answer(ResponseType.ACCESS_DENIED, 'not_found');
  if (isFiltered) answer(ResponseType.WAF_FILTERED, 'not_found');
}

function problemTemplate(code: ProblemCode): string {
  const { title, status } = PROBLEMS[code];
  const problem = { type: `urn:webhook-inbox:problem:${code}`, title, status, code, request_id: '$context.requestId' };
  return JSON.stringify(problem);
}
