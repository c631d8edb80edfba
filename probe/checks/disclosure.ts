import type { Prober, Seen } from '../prober.ts';
import { type Check, failed, inconclusive, passed } from './check.ts';

// These send nothing: they look through every answer of the run, and so come after the others.

const secretDisclosure: Check = {
  id: 'secret-disclosure',
  title: 'No answer holds the secret, or a signature that it was not shown.',
  severity: 'critical',
  why: 'An error that says which signature was expected signs for anyone who asks.',
  fix: 'Say no more than that the signature is not valid.',
  requests: 0,
  needs: [],
  async run(prober) {
    const found = prober.seen.find((seen) => tellsSecret(prober, seen));
    return found ? failed(`The answer to ${found.what} holds the secret, or a valid signature.`) : none(prober);
  },
};

function tellsSecret(prober: Prober, { answer, shown }: Seen): boolean {
  const said = saidBy({ answer });
  const { secret } = prober.settings;
  if (secret && said.includes(secret)) return true;
  return [...prober.signatures].some((signature) => said.includes(signature) && !shown.includes(signature));
}

const saidBy = ({ answer }: Pick<Seen, 'answer'>) =>
  [...answer.headers.map((header) => header.join(': ')), answer.text].join('\n');
const none = ({ seen }: Prober) => passed(`None of ${seen.length} answers does.`);

/** What an answer must not tell, and how it is known. */
const DISCLOSURES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a stack trace', /\n\s+at .+:\d+:\d+|Traceback \(most recent call last\)|File ".+", line \d+|\.java:\d+\)/],
  ['an ARN', /arn:aws[\w-]*:/],
  [
    'an error of AWS',
    /\b(ConditionalCheckFailed|ValidationException|ResourceNotFound|ProvisionedThroughput|AccessDenied|UnrecognizedClient|ItemCollectionSize|TransactionCanceled)\w*/,
  ],
  [
    'words of DynamoDB',
    /\b(DynamoDB|AttributeValue|KeyConditionExpression|ConditionExpression|ExpressionAttribute\w+|botocore|boto3|aws-sdk)\b/i,
  ],
  [
    'words of a database',
    /\b(SQLSTATE|psycopg2?|sqlalchemy|MongoError|MongoServerError|ORA-\d{5}|syntax error at or near)\b/i,
  ],
  ['a path of a file', /(?<![\w/])\/(usr|var|home|opt|app|srv|root|etc)\/[\w.-]+\/|[A-Z]:\\(Users|inetpub|Windows)\\/],
  [
    'an error of a programming language',
    /\b(TypeError|ReferenceError|SyntaxError|KeyError|ValueError|UnicodeDecodeError|NullPointerException|RuntimeError|JSONDecodeError|Unexpected token)\b/,
  ],
];

const errorDisclosure: Check = {
  id: 'error-disclosure',
  title: 'No answer tells of what is behind it.',
  severity: 'medium',
  why: 'Names of tables, accounts, libraries and files tell an attacker where to go on.',
  fix: 'Answer errors in fixed words of your own, and write what happened to the log.',
  requests: 0,
  needs: [],
  async run(prober) {
    const found = DISCLOSURES.flatMap(([what, pattern]) => {
      const seen = prober.seen.find(({ answer, shown }) => tells(answer.text, pattern, shown));
      return seen ? [`The answer to ${seen.what} holds ${what}.`] : [];
    });
    return found.length > 0 ? failed(found.join(' ')) : none(prober);
  },
};

/** What was sent, and comes back, tells nothing. */
function tells(text: string, pattern: RegExp, shown: string): boolean {
  const [match] = pattern.exec(text) ?? [];
  return match !== undefined && !shown.includes(match);
}

const serverHeader: Check = {
  id: 'server-header',
  title: 'No header names the software and its version.',
  severity: 'low',
  why: 'A version says which known holes to try.',
  fix: 'Turn off X-Powered-By, and the version in Server.',
  requests: 0,
  needs: [],
  async run(prober) {
    const telling = prober.seen.flatMap(({ answer }) => answer.headers).find(([name, value]) => isTelling(name, value));
    return telling ? failed(`A header says ${telling[0]}: ${telling[1]}.`) : none(prober);
  },
};

function isTelling(name: string, value: string): boolean {
  if (/^(x-powered-by|x-aspnet-version|x-aspnetmvc-version|x-runtime|x-generator)$/i.test(name)) return true;
  return /^server$/i.test(name) && /\/\d/.test(value);
}

const serverErrors: Check = {
  id: 'server-errors',
  title: 'Nothing that was sent is answered with a server error.',
  severity: 'medium',
  why: 'A 500 is a defect that anyone can cause: senders retry it for days, and alarms go off.',
  fix: 'Find the cause in the log, and answer what is the fault of the sender with 4xx.',
  requests: 0,
  needs: [],
  async run(prober) {
    const of = (statuses: readonly number[]) =>
      prober.seen.filter(({ answer }) => statuses.includes(answer.status ?? 0));
    const [broken, busy] = [of([500, 502, 504]), of([503])];
    const [first] = broken;
    if (first)
      return failed(`${broken.length} of ${prober.seen.length}, first to ${first.what}: ${first.answer.status}.`);
    if (busy.length > 0)
      return inconclusive(`${busy.length} of ${prober.seen.length} were answered 503: try again later.`);
    return none(prober);
  },
};

export const disclosureChecks: readonly Check[] = [secretDisclosure, errorDisclosure, serverErrors, serverHeader];
