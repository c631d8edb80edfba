import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  type IAccessLogDestination,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** How the API logs requests. */
export interface AccessLogsProps {
  /**
   * Whether to give API Gateway the role that it needs to write logs. It is one role for an account and region: false
   * leaves it as it is, for an account that has one already.
   * @default true
   */
  readonly setAccountRole?: boolean;
}

/**
 * One line of JSON a request, whatever becomes of it: neither body nor header nor query string, nor what a caller put in
 * the path. `request_id` is also in the receiver's log.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    request_id: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTime(),
    source_ip: AccessLogField.contextIdentitySourceIp(),
    method: AccessLogField.contextHttpMethod(),
    resource: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    response_bytes: AccessLogField.contextResponseLength(),
    latency_ms: AccessLogField.contextResponseLatency(),
    integration_status: AccessLogField.contextIntegrationStatus(),
    integration_ms: AccessLogField.contextIntegrationLatency(),
    waf: AccessLogField.contextWafResponseCode(),
    gateway_response: AccessLogField.contextErrorResponseType(),
  }),
);

/** A log group for what the API answered, kept for a month. */
export class AccessLogs extends Construct {
  readonly format = FORMAT;
  readonly destination: IAccessLogDestination;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.destination = new LogGroupLogDestination(this.logGroup);
  }
}
