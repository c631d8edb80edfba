import {
  AccessLogField,
  AccessLogFormat,
  type IAccessLogDestination,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigateway';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addLogGroup, type LogGroupProps } from '../log-group.ts';

/** Options of access logs. */
export interface AccessLogsProps {
  /**
   * Whether to create the role with which API Gateway writes logs. An account and region has one such role for all
   * APIs, and so has a stack, however many inboxes it has: choose `false` if the role is managed elsewhere.
   * @default true
   */
  readonly setAccountRole?: boolean;
}

/**
 * One line of JSON per request, without anything secret or chosen by the sender: no body, header, query string or path.
 * The receiver logs the same `request_id`.
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

/** The log group and the format of the API's access log. */
export class AccessLogs extends Construct {
  readonly format = FORMAT;
  readonly destination: IAccessLogDestination;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    this.logGroup = addLogGroup(this, props);
    this.destination = new LogGroupLogDestination(this.logGroup);
  }
}
