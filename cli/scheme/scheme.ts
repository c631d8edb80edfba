import { readFileSync } from 'node:fs';
import { onlyValue } from '../../lambda/signature/signed-request.ts';
import { checkUrl, readOptions, UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { print } from '../print.ts';
import { readSecret } from '../read-secret.ts';
import { systemMessage } from '../system-message.ts';
import { type CapturedRequest, readCapturedRequest } from './captured-request.ts';
import { diagnose } from './diagnosis.ts';
import { reportOf } from './report.ts';
import { timeIn } from './times.ts';
import { MAX_TRIES } from './tries.ts';

const HELP = `Finds the configuration of a source that verifies a captured request, or what broke its signature.

  ${invocation('scheme', '--request FILE [options]')}

  --request FILE        the request: its request line, headers, a blank line and its body, as they were sent
  --url URL             the URL that the sender was given (the one that the request names)
  --body FILE           the exact bytes of the body (those after the blank line)
  --at TIME             when it arrived, in ISO 8601 or epoch seconds (its Date header; without one, any time in it)
  --setting NAME=VALUE  a setting of the source that the provider signs, such as webhookId of PayPal
  --published FILE      the certificate or the key set that the provider publishes, which you have downloaded
  --no-secret           for a provider that signs with a certificate or a key that it publishes

Type the secret or the public key, which is not shown, or send it to standard input. An argument would stay in the
shell's history and in the list of processes. The command tries the registered providers, the known compositions of
custom sources, and then what may have broken the request: at most ${MAX_TRIES.toLocaleString('en')} tries. It sends nothing, and prints
nothing of the secret or of a signature, and of the body only names of fields.

Exit status 0 if a configuration verifies the request as it is, 1 otherwise.`;

const OPTIONS = {
  request: { type: 'string' },
  url: { type: 'string' },
  body: { type: 'string' },
  at: { type: 'string' },
  setting: { type: 'string', multiple: true },
  published: { type: 'string' },
  'no-secret': { type: 'boolean', default: false },
} as const;

/** The command `webhook-inbox scheme`. */
export async function scheme(): Promise<void> {
  const given = readOptions(HELP, OPTIONS);
  if (!given) return;
  const { request, url, body, at, setting = [], published } = given;
  if (request === undefined) throw new UsageError(`Name the file of the request with --request.\n\n${HELP}`);
  const captured = readCapturedRequest(readBytes('--request', request));
  const options = {
    captured,
    body: body === undefined ? undefined : readBytes('--body', body),
    url: url === undefined ? undefined : checkUrl('--url', url),
    arrivedAt: arrivalOf(at, captured),
    settings: Object.fromEntries(setting.map(settingIn)),
    published: published === undefined ? undefined : readBytes('--published', published).toString(),
    now: Date.now(),
  };
  const secret = given['no-secret'] ? '' : await readSecret('Secret or public key:', process.stdin, process.stderr);
  const diagnosis = await diagnose({ ...options, secret });
  print(withoutSecret(reportOf(diagnosis, captured.names), secret));
  if (!diagnosis.match) process.exitCode = 1;
}

function readBytes(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read: ${systemMessage(error)}.`, { cause: error });
  }
}

/** @throws {UsageError} if the option is no time; a Date header that is none counts as missing */
function arrivalOf(at: string | undefined, { headers }: CapturedRequest): number | undefined {
  if (at === undefined) {
    const date = Date.parse(onlyValue(headers, 'date') ?? '');
    return Number.isNaN(date) ? undefined : date;
  }
  const time = timeIn(at)?.time;
  if (time === undefined) throw new UsageError('--at is no time: use 2026-11-28T12:00:00Z or epoch seconds.');
  return time;
}

/** @throws {UsageError} unless it has a name and a value */
function settingIn(text: string): readonly [string, string] {
  const [, name, value] = /^([A-Za-z]\w{0,63})=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError('--setting needs NAME=VALUE.');
  return [name, value];
}

/** A secret of fewer characters may be a word of the report by chance. */
const MIN_SECRET = 6;

/** A sender may have the secret in a place that the report names, such as a URL, which encodes it. */
function withoutSecret(report: string, secret: string): string {
  if (secret.length < MIN_SECRET) return report;
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), encodeURI(secret)];
  return forms.reduce((text, form) => text.replaceAll(form, '…'), report);
}
