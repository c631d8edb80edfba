import type { Prober, RecordedResponse } from '../prober.ts';
import { type Check, failed, inconclusive, passed } from './check.ts';
import { combined } from './judge.ts';

// These checks send nothing. They examine every response of the run, so they come after the other checks.

const secretDisclosure: Check = {
  id: 'secret-disclosure',
  title: 'No response contains the secret, or a valid signature that its request did not contain.',
  failedTitle: 'A response contains the secret or a valid signature',
  severity: 'critical',
  why: 'An error message with the expected signature signs requests for anyone.',
  fix: 'Report only that the signature is invalid.',
  requests: 0,
  needs: [],
  async run(prober) {
    const found = prober.responses.find((recorded) => disclosesSecret(prober, recorded));
    if (!found) return none(prober);
    return prober.cite(found, failed(`The response to ${found.what} contains the secret, or a valid signature.`));
  },
};

function disclosesSecret({ settings, validSignatures }: Prober, { response, sent }: RecordedResponse): boolean {
  const text = [...response.headers.map((header) => header.join(': ')), response.text].join('\n');
  const { secret } = settings;
  if (secret && text.includes(secret)) return true;
  return [...validSignatures].some((signature) => text.includes(signature) && !sent.includes(signature));
}

const none = ({ responses }: Prober) => passed(`The probe found none in ${responses.length} responses.`);

/** Lines of stack traces, and what begins one: in JavaScript, Python and Java. */
const STACK_TRACES: readonly RegExp[] = [
  /^[ \t]+at .+:\d+:\d+/m,
  /Traceback \(most recent call last\)/,
  /File "[^"\n]+", line \d+/,
  /\.java:\d+\)/,
];

/** Internal details that a response must not contain. The time of each pattern is linear, as an endpoint chooses the text. */
const DISCLOSURES: readonly (readonly [what: string, ...patterns: RegExp[]])[] = [
  ['a stack trace', ...STACK_TRACES],
  ['an ARN', /arn:aws[\w-]*:/],
  [
    'an AWS error',
    /\b(ConditionalCheckFailed|ValidationException|ResourceNotFound|ProvisionedThroughput|AccessDenied|UnrecognizedClient|ItemCollectionSize|TransactionCanceled)\w*/,
  ],
  [
    'terms of DynamoDB',
    /\b(DynamoDB|AttributeValue|KeyConditionExpression|ConditionExpression|ExpressionAttribute\w+|botocore|boto3|aws-sdk)\b/i,
  ],
  [
    'terms of a database',
    /\b(SQLSTATE|psycopg2?|sqlalchemy|MongoError|MongoServerError|ORA-\d{5}|syntax error at or near)\b/i,
  ],
  ['a file path', /(?<![\w/])\/(usr|var|home|opt|app|srv|root|etc)\/[\w.-]+\/|[A-Z]:\\(Users|inetpub|Windows)\\/],
  [
    'a runtime error',
    /\b(TypeError|ReferenceError|SyntaxError|KeyError|ValueError|UnicodeDecodeError|NullPointerException|RuntimeError|JSONDecodeError|Unexpected token)\b/,
  ],
];

const errorDisclosure: Check = {
  id: 'error-disclosure',
  title: 'No response contains internal details of the endpoint.',
  failedTitle: 'Responses contain internal details of the endpoint',
  severity: 'medium',
  why: 'Names of tables, accounts, libraries and files help an attacker to find the next step.',
  fix: 'Return fixed error messages, and write the details to the log.',
  requests: 0,
  needs: [],
  async run(prober) {
    const found = DISCLOSURES.flatMap(([what, ...patterns]) => {
      const recorded = prober.responses.find((each) => patterns.some((pattern) => discloses(each, pattern)));
      return recorded ? [prober.cite(recorded, failed(`The response to ${recorded.what} contains ${what}.`))] : [];
    });
    return found.length > 0 ? combined(found) : none(prober);
  },
};

/** A response that repeats part of its request discloses nothing. */
function discloses({ response, sent }: RecordedResponse, pattern: RegExp): boolean {
  const [match] = pattern.exec(response.text) ?? [];
  return match !== undefined && !sent.includes(match);
}

const serverHeader: Check = {
  id: 'server-header',
  title: 'No header names the server software and its version.',
  failedTitle: 'A header names the server software',
  severity: 'low',
  why: 'A version tells an attacker which known vulnerabilities to try.',
  fix: 'Turn off X-Powered-By, and remove the version from Server.',
  requests: 0,
  needs: [],
  async run(prober) {
    for (const recorded of prober.responses) {
      const found = recorded.response.headers.find(([name, value]) => namesSoftware(name, value));
      if (found) return prober.cite(recorded, failed(`A response has the header ${found[0]}: ${found[1]}.`));
    }
    return none(prober);
  },
};

function namesSoftware(name: string, value: string): boolean {
  if (/^(x-powered-by|x-aspnet-version|x-aspnetmvc-version|x-runtime|x-generator)$/i.test(name)) return true;
  return /^server$/i.test(name) && /\/\d/.test(value);
}

const serverErrors: Check = {
  id: 'server-errors',
  title: 'No request causes a server error.',
  failedTitle: 'Requests cause server errors',
  severity: 'medium',
  why: 'A 500 is a defect that anyone can trigger: senders retry the request for days, and alarms fire.',
  fix: 'Find the cause in the log, and return 4xx for a fault of the sender.',
  requests: 0,
  needs: [],
  async run(prober) {
    const { responses } = prober;
    const withStatus = (statuses: readonly number[]) =>
      responses.filter(({ response }) => statuses.includes(response.status ?? 0));
    const [errors, unavailable] = [withStatus([500, 502, 504]), withStatus([503])];
    const [first] = errors;
    if (first) {
      const count = `${errors.length} of ${responses.length} responses were server errors`;
      return prober.cite(first, failed(`${count}; the first, to ${first.what}, was ${first.response.status}.`));
    }
    if (unavailable.length === 0) return none(prober);
    return inconclusive(`${unavailable.length} of ${responses.length} responses were 503: try again later.`);
  },
};

export const disclosureChecks: readonly Check[] = [secretDisclosure, errorDisclosure, serverErrors, serverHeader];
