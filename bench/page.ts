import type { Work } from './measure.ts';
import type { Results, Setting } from './results.ts';
import { figure } from './statistics.ts';
import {
  coldTable,
  loadTable,
  payloadTable,
  profileTable,
  show,
  sizeTable,
  targetTable,
  usageTable,
  warmTable,
} from './tables.ts';
import { secretWait } from './targets.ts';

/** The Markdown of docs/benchmarks.md for a run. */
export function page(results: Results): string {
  const sections = [
    introduction(results.setting),
    `## Targets\n\n${targetTable(results)}`,
    coldStart(results),
    warm(results),
    requests(results),
    `## Size\n\n${sizeTable(results)}`,
    load(results),
    profiles(results),
  ];
  return `${sections.join('\n\n')}\n`;
}

function introduction({ command, date, cpu, cores, node, rounds }: Setting): string {
  return `# Benchmarks

Written by \`${command}\` on ${date}: ${cpu}, ${cores} cores, Node.js ${node}. Times depend on the machine; compare the ratios.

![Bar charts of cold start and CPU](benchmarks.svg)

The contestants run side by side, in changing order. All of them use the same embedded DynamoDB, which runs in its own process:

- **webhook-inbox**: lambda/receiver/handler.ts as deployed, with its log line and its metrics. It reads its secret from Secrets Manager; the others read theirs from a variable.
- **bare fetch**: the lower bound. HMAC, \`JSON.parse\` and one conditional PutItem, signed by hand; no library, no schema, no log.
- **Powertools idempotency, zod**: the same job with \`makeIdempotent\`, its table and a zod schema, without a log.
- **get, then put**: a common example, which reads before it writes and builds a client for every request.

Each contestant is bundled into one file with the options of the stack, and handles the same API Gateway events. The endpoints are on the same machine and use HTTPS. Figures are medians of ${rounds.cold} cold starts and ${rounds.warm} warm rounds, ± the interquartile range. A ratio is the median of the ratios of each round.`;
}

function coldStart(results: Results): string {
  return `## Cold start

A new process imports the code and handles the first event. The request to Secrets Manager takes ${secretWait(results).toFixed(1)} ms of webhook-inbox's cold start.

${coldTable(results)}`;
}

const WORK: readonly (readonly [work: Work, title: string])[] = [
  ['stored', 'A stored event'],
  ['storedLarge', 'A stored event of 14 KB, which webhook-inbox compresses'],
  ['duplicate', 'A duplicate'],
  ['forgery', 'A refused forgery'],
];

function warm(results: Results): string {
  return `## Warm

${WORK.map(([work, title]) => `${title}:\n\n${warmTable(results, work)}`).join('\n\n')}

One bare HMAC over the same body and a response in JSON take ${show(figure(results.warm.bareHmacMicros))} µs.`;
}

function requests(results: Results): string {
  return `## Requests and write units

${usageTable(results)}

Write units of webhook-inbox for payloads of realistic size:

${payloadTable(results)}`;
}

function load(results: Results): string {
  return `## Load

\`npm start\` receives new events only. The function, the HTTP front and the database share one process.

${loadTable(results)}`;
}

function profiles(results: Results): string {
  return `## CPU profiles

Reasons for a missed target:

- **Cold start.** "get, then put" adds very little to the SDK's DynamoDB client, so its cold start is close to the minimum for a function with the SDK. webhook-inbox also loads the client of Secrets Manager, and reads its secret before the first event.
- **A stored event.** The row "AWS SDK" is the SDK's work for each request: serializing, resolving the endpoint and the credentials, retries, signing. The bare fetch does this by hand.
- **A refused forgery.** Only webhook-inbox writes a log line and metrics for a refusal, and returns problem details. The rest is the chain, and reading the headers.

The profiles of this run, by the origin of the code. A profiler slows the code down: compare the shares, not the sums.

${profileTable(results, 'cold', 'Cold start, in milliseconds', 1)}

${profileTable(results, 'stored', 'A stored event, warm, in microseconds', 1000)}

${profileTable(results, 'forgery', 'A refused forgery, warm, in microseconds', 1000)}`;
}
