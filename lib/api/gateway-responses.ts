import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PROBLEMS, type ProblemCode, problemDocument } from '../../lambda/receiver/problem.ts';

/** Features that make API Gateway reject requests. */
export interface GatewayResponsesOptions {
  /** Whether any source has an allow-list. */
  readonly hasAllowList: boolean;
  /** Whether the API has a web ACL. */
  readonly hasWebAcl: boolean;
}

/** Makes API Gateway's own error responses the same problem details as the receiver's. */
export function addGatewayResponses(api: RestApi, { hasAllowList, hasWebAcl }: GatewayResponsesOptions): void {
  const add = (type: ResponseType, code: ProblemCode) =>
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(PROBLEMS[code].status),
      responseHeaders: { 'Content-Type': "'application/problem+json'" },
      templates: { 'application/json': JSON.stringify(problemDocument(code, '$context.requestId')) },
    });
  add(ResponseType.MISSING_AUTHENTICATION_TOKEN, 'not_found');
  add(ResponseType.RESOURCE_NOT_FOUND, 'not_found');
  add(ResponseType.REQUEST_TOO_LARGE, 'payload_too_large');
  add(ResponseType.DEFAULT_5XX, 'internal_error');
  if (hasAllowList) add(ResponseType.ACCESS_DENIED, 'not_found');
  if (hasWebAcl) add(ResponseType.WAF_FILTERED, 'not_found');
}
