import type { ProviderName } from '../../lambda/providers/index.ts';
import { providers } from '../../lambda/providers/index.ts';
import type { SigningKeys, Verdict } from '../../lambda/signature/scheme.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { publishedWith } from '../support/certificates.ts';
import { toSigned, type WrittenRequest } from '../support/judged-requests.ts';
import { atTime } from './clock.ts';
import type { Judge } from './judge.ts';

/** The verdicts on one request. */
export interface Verdicts {
  /** Whether the SDK accepts it. */
  readonly isAccepted: boolean;
  /** Ours. */
  readonly verdict: Verdict;
}

/**
 * The verdict of a provider's SDK on a request, and ours.
 * @param now when the request arrives, in epoch milliseconds
 */
export async function verdictsOn(
  request: WrittenRequest,
  { provider, judge, keys, now }: { provider: ProviderName; judge: Judge; keys: SigningKeys; now: number },
): Promise<Verdicts> {
  const signed = toSigned(request);
  const definition = providers[provider]();
  const verification = {
    secret: keys.verification,
    now,
    settings: exampleSettings(definition),
    ...publishedWith(definition.signature, keys),
  };
  const verdict = await definition.signature.verify(signed, verification);
  return { isAccepted: await atTime(now, () => accepts(judge, request, keys.verification)), verdict };
}

async function accepts(judge: Judge, request: WrittenRequest, secret: string): Promise<boolean> {
  const { url, query } = request;
  const calledUrl = query === undefined ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
  try {
    return (await judge.accepts(toSigned(request), secret, calledUrl)) !== false;
  } catch {
    return false;
  }
}

/**
 * What is wrong with the verdicts on a request; undefined if nothing is. Of what the SDK accepts, we may refuse a time
 * that is outside our tolerance. What it refuses, we refuse.
 * @param mustBe the verdict that the SDK must come to. @default - either
 */
export function problemOf({ isAccepted, verdict }: Verdicts, mustBe?: 'accepted' | 'refused'): string | undefined {
  if (mustBe && mustBe !== (isAccepted ? 'accepted' : 'refused')) return `must be ${mustBe} by the SDK, and is not`;
  if (mustBe === 'accepted' && verdict !== 'valid') return `is accepted by the SDK, and ${verdict} to us`;
  if (!isAccepted && verdict === 'valid') return 'is refused by the SDK, and valid to us';
  if (isAccepted && verdict !== 'valid' && verdict !== 'outside_tolerance') {
    return `is accepted by the SDK, and ${verdict} to us`;
  }
  return undefined;
}
