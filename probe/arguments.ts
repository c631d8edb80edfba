import { readOptions } from '../cli/arguments.ts';
import { CONFIG_HELP } from '../cli/inbox-file.ts';
import { invocation } from '../cli/invocation.ts';
import { checks, requestsOf } from './checks/index.ts';
import { SEVERITIES } from './probe-report.ts';
import { DESCRIPTION_HELP } from './signature-description.ts';

/** Requests per second over a network, without `--rate`. */
export const REMOTE_RATE = 20;

/** The text of `--help`. */
export const HELP = `Sends forged, replayed, malformed and oversized requests to a webhook endpoint, and reports what it should have refused.
Probe only your own endpoints.

  ${invocation('probe', '--url URL [--source NAME] [--secret-stdin] [options]')}

  --url URL             URL of the endpoint. With --source, a base URL, to which the probe appends /webhooks/NAME
  --source NAME         source of the endpoint
  --secret-stdin        reads the signing secret from standard input; a terminal does not show it. Default: on this
                        machine, the secret of ${invocation('start')}; elsewhere none, and the checks that
                        need it are skipped
  --provider NAME       provider that signs the requests (default: the provider with the source's name, else generic)
  --config FILE         ${CONFIG_HELP}
  --setting NAME=VALUE  setting of the provider that is part of its signature, such as topicArn; may be repeated
  --public-url URL      URL of the endpoint as the provider knows it, for providers that sign it (default: --url)

Endpoints of other senders:
  --signature DESCRIPTION
                        signature scheme, such as header=X-Signature,prefix=sha256=,encoding=hex,algorithm=sha256
${DESCRIPTION_HELP}
  --body FILE           a valid body; most checks need JSON
  --content-type TYPE   content type of the body (default: application/json)
  --id-field FIELD      field of the event id, such as event_id or data.id
  --time-field FIELD    field of the event's time

Checks:
  --list                lists the checks and exits
  --only ID,...         executes only these checks
  --skip ID,...         executes all checks but these
  --other-source NAME   another source of the same deployment, with its own secret
  --max-body BYTES      largest body that the endpoint accepts (default: 4194304)
  --timing              measures response times over a network, too
  --rate N              greatest number of requests per second (default: ${REMOTE_RATE}; on this machine, no limit)
  --timeout SECONDS     time-out of a response (default: 10)
  --yes                 confirms that the endpoint is your own

Reports:
  --json FILE, --sarif FILE, --junit FILE, --html FILE
                        writes a report; - is standard output
  --fail-on SEVERITY    least severity that affects the exit status: ${SEVERITIES.join(', ')} (default: low)

A probe sends up to ${requestsOf(checks)} requests, and leaves a few dozen generated events in the endpoint's table. Events of the generic
provider have the user user_42. The exit status is 0 if no check failed, 1 if a check of the --fail-on severity or a
graver one failed or if every check is inconclusive or skipped, and 2 if the probe could not run. Apart from that,
inconclusive checks do not affect it.`;

const OPTIONS = {
  url: { type: 'string' },
  source: { type: 'string' },
  'secret-stdin': { type: 'boolean', default: false },
  provider: { type: 'string' },
  config: { type: 'string' },
  setting: { type: 'string', multiple: true, default: [] as string[] },
  'public-url': { type: 'string' },
  signature: { type: 'string' },
  body: { type: 'string' },
  'content-type': { type: 'string', default: 'application/json' },
  'id-field': { type: 'string' },
  'time-field': { type: 'string' },
  list: { type: 'boolean', default: false },
  only: { type: 'string' },
  skip: { type: 'string' },
  'other-source': { type: 'string' },
  'max-body': { type: 'string', default: '4194304' },
  timing: { type: 'boolean', default: false },
  rate: { type: 'string' },
  timeout: { type: 'string', default: '10' },
  yes: { type: 'boolean', default: false },
  json: { type: 'string' },
  sarif: { type: 'string' },
  junit: { type: 'string' },
  html: { type: 'string' },
  'fail-on': { type: 'string', default: 'low' },
} as const;

/** Values of the command's options. */
export type ProbeArguments = NonNullable<ReturnType<typeof readProbeArguments>>;

/**
 * Reads the command's arguments.
 * @returns undefined after `--help`
 * @throws {UsageError} for an unknown option or a positional argument
 */
export function readProbeArguments() {
  return readOptions(HELP, OPTIONS);
}
