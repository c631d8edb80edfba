import { isPublicKey } from '../../lambda/signature/public-key.ts';
import { hasSecret } from '../../lambda/signature/scheme.ts';
import { onlyValue, type SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { CapturedRequest } from './captured-request.ts';
import type { Cause } from './causes.ts';
import type { Delivery } from './delivery.ts';
import type { NamedVerdict } from './named-providers.ts';
import type { ProviderForm } from './provider-forms.ts';
import { settingsToGive } from './settings-to-try.ts';
import { signaturePlaces } from './signature-places.ts';
import { timesIn } from './times.ts';

/** What is known of a delivery that no scheme verifies. */
export interface Inspected {
  readonly delivery: Delivery;
  readonly captured: CapturedRequest;
  readonly forms: readonly ProviderForm[];
  readonly verdicts: readonly NamedVerdict[];
  /** The URLs that a provider publishes its certificate or keys at. */
  readonly publishedAt: ReadonlySet<string>;
}

/** The causes that can be seen, although nothing verifies the request: the likeliest first. */
export function inspect(inspected: Inspected): readonly Cause[] {
  const { delivery, forms } = inspected;
  const present = forms.filter(({ headers }) => [...headers.keys()].some((name) => delivery.request.headers.has(name)));
  const causes = [
    ...ofBody(inspected),
    ...present.flatMap((form) => ofSignature(form, delivery)),
    ...ofSecret(inspected, present),
    ...present.flatMap((form) => missingHeaders(form, delivery)),
    ...ofPublished(inspected),
    ...ofSettings(inspected),
  ];
  const distinct = new Map(causes.map((cause) => [`${cause.name} ${cause.detail}`, cause]));
  return distinct.size > 0
    ? [...distinct.values()]
    : [{ name: isSigned(inspected, present) ? 'unknown' : 'signature-missing' }];
}

/** Whether anything in the request may be a signature or a token. */
function isSigned({ delivery, verdicts }: Inspected, present: readonly ProviderForm[]): boolean {
  const isClaimed = verdicts.some(({ verdict }) => verdict !== 'missing' && verdict !== 'malformed');
  return isClaimed || present.length > 0 || signaturePlaces(delivery.request).length > 0;
}

function ofBody({ delivery, captured }: Inspected): readonly Cause[] {
  const { body } = delivery.request;
  const { contentLength } = captured;
  if (body.length === 0 && (contentLength ?? 1) > 0) return [{ name: 'body-empty' }];
  if (contentLength !== undefined && body.length < contentLength) {
    return [{ name: 'body-truncated', detail: `${body.length} of ${contentLength} bytes are there` }];
  }
  return body.includes('\ufffd') ? [{ name: 'body-replaced' }] : [];
}

function ofSecret({ delivery: { secret }, verdicts }: Inspected, present: readonly ProviderForm[]): readonly Cause[] {
  const isPublic = isPublicKey(secret);
  if (isPublic && present.some(({ isShared }) => isShared)) return [{ name: 'secret-public' }];
  const unusable = verdicts.filter(({ verdict }) => verdict === 'unusable_secret').map(({ name }) => name);
  const isListed = present.some(({ name }) => unusable.includes(name));
  return isListed ? [{ name: 'secret-kind', detail: `the headers are those of ${listed(unusable)}` }] : [];
}

const listed = (names: readonly string[]) => names.join(', ');

function missingHeaders({ name, provider, headers }: ProviderForm, { request }: Delivery): readonly Cause[] {
  const missing = [...headers.keys()].filter((each) => !request.headers.has(each));
  if (missing.length === 0 || missing.length === headers.size) return [];
  return [{ name: 'header-missing', detail: `${provider.title} (${name}) sends ${listed(missing)}, too` }];
}

/** Compares the signature with the one that the secret makes, as far as it is there. */
function ofSignature(
  { provider, headers, isShared }: ProviderForm,
  { request, secret, at }: Delivery,
): readonly Cause[] {
  const signings = isShared ? [at, ...timesIn(request)] : [];
  const signed = signings.map((now) =>
    trySign(() => provider.signature.sign(request, { key: secret, now, settings: {} })),
  );
  const causes = signed.flatMap((each) => [...headers.keys()].flatMap((name) => differenceIn(name, request, each)));
  return causes.slice(0, 1);
}

function differenceIn(name: string, sent: SignedRequest, signed: SignedRequest | undefined): readonly Cause[] {
  const cause = differenceOf(onlyValue(sent.headers, name), signed && onlyValue(signed.headers, name));
  return cause ? [{ name: cause, detail: name }] : [];
}

function trySign<T>(sign: () => T): T | undefined {
  try {
    return sign();
  } catch {
    return undefined;
  }
}

/** A shorter text may be the beginning of a signature by chance. */
const MIN_BEGINNING = 16;

function differenceOf(sent: string | undefined, expected: string | undefined) {
  if (sent === undefined || expected === undefined || sent === expected || sent.length < MIN_BEGINNING)
    return undefined;
  if (expected.startsWith(sent)) return 'signature-truncated';
  return expected.toLowerCase() === sent.toLowerCase() ? 'signature-case' : undefined;
}

function ofPublished({ verdicts, publishedAt }: Inspected): readonly Cause[] {
  const waiting = verdicts.filter(({ verdict }) => verdict === 'certificate_unavailable');
  const urls = [...publishedAt].map((url) => `from ${url}`).join(' or ');
  return waiting.map(({ name }) => ({ name: 'certificate', detail: `${name}, ${urls}` }) as const);
}

/** A provider whose form fits, but whose settings are unknown. */
function ofSettings({ verdicts }: Inspected): readonly Cause[] {
  const fitting = verdicts.filter(({ verdict, provider }) => verdict === 'mismatch' && !hasSecret(provider.signature));
  return fitting.flatMap(({ name, provider, settings }) => {
    const needed = settingsToGive(provider, {}).filter((each) => settings[each] === provider.settings[each]?.example);
    return needed.length > 0 ? [{ name: 'setting-needed', detail: `${name}: ${listed(needed)}` } as const] : [];
  });
}
