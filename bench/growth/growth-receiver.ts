import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { localFetch } from '../../cli/local/local-certificates.ts';
import { receiver } from '../../lambda/receiver/receiver.ts';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import { cloudwatchReport } from '../../lambda/telemetry/cloudwatch-report.ts';

const CONTEXT = { awsRequestId: 'growth' } as Context;

/**
 * The receiver of the deployed function, with stores that accept everything at once and keep nothing: what is left is the
 * work of this code.
 */
export function growthReceiver(
  sources: Sources,
  keysOf: (source: Source) => SigningKeys,
): (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult> {
  const readSecret = async (name: string) => {
    const source = sources.get(name);
    return { secret: { current: source ? keysOf(source).verification : '' } };
  };
  const receive = receiver({
    sources,
    secrets: { get: readSecret, refresh: readSecret },
    store: { put: async () => ({ status: 'processed' }) },
    quarantine: { put: async () => undefined },
    payloads: { put: async () => undefined },
    overflow: { send: async () => undefined },
    report: cloudwatchReport('growth', () => undefined, Date.now),
    fetch: localFetch(sources, keysOf),
    clock: Date.now,
    // A write that would be late is not left out, as that would be less work for a larger body.
    openDeadline: () => ({ signal: new AbortController().signal, [Symbol.dispose]: () => undefined }),
  });
  return (event) => receive(event, CONTEXT);
}
