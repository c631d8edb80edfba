import { readCapturedRequest } from '../../../cli/scheme/captured-request.ts';
import { type Diagnosis, type DiagnosisOptions, diagnose } from '../../../cli/scheme/diagnosis.ts';
import { reportOf } from '../../../cli/scheme/report.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import type { SigningKeys } from '../../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { exampleSettings } from '../../../samples/example-settings.ts';
import { signedSample } from '../../../samples/sample.ts';

/** When the samples are signed, and arrive. */
export const NOW = Date.parse('2026-11-28T12:00:00Z');

/** The URL that the providers were given. */
export const urlOf = (name: string) => `https://hooks.example.com/webhooks/${name}`;

/** A signed sample of a provider, with its keys. */
export interface SignedSample {
  readonly request: SignedRequest;
  readonly keys: SigningKeys;
}

/** @param keys @default - generated ones */
export function signed(name: ProviderName, given?: SigningKeys, body?: string): SignedSample {
  const provider = providers[name]();
  const keys = given ?? provider.signature.generateKeys();
  const source = { providerName: name, provider, settings: exampleSettings(provider) };
  const signing = {
    key: keys.signing,
    url: urlOf(name),
    now: NOW,
    ...(body !== undefined && { body: Buffer.from(body) }),
  };
  return { request: signedSample(source, signing), keys };
}

/** A request as it is sent. */
export function captured({ method, url, query, headers, body }: SignedRequest): Buffer {
  const { host, pathname } = new URL(url);
  const target = query.size > 0 ? `${pathname}?${query}` : pathname;
  const lines = [...headers].flatMap(([name, values]) => values.map((value) => `${name}: ${value}`));
  return Buffer.concat([
    Buffer.from([`${method} ${target} HTTP/1.1`, `host: ${host}`, ...lines, '', ''].join('\r\n'), 'latin1'),
    body,
  ]);
}

/** The diagnosis of a captured request, which arrived when it was signed. */
export function diagnosisOf(
  bytes: Buffer,
  secret: string,
  options: Partial<DiagnosisOptions> = {},
): Promise<Diagnosis> {
  return diagnose({ captured: readCapturedRequest(bytes), secret, arrivedAt: NOW, now: NOW, settings: {}, ...options });
}

/** What the command prints. */
export const printed = (diagnosis: Diagnosis) => reportOf(diagnosis, new Map());

/** The entry of `sources` in what the command prints. */
export const printedEntry = (text: string) => /^ {2}"[\w-]+": \{\n.*?^ {2}\}$/ms.exec(text)?.[0] ?? 'no entry';
