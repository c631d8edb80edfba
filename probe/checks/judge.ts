import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Prober, SendOptions } from '../prober.ts';
import type { WireResponse } from '../wire.ts';
import { brokenBy, type Finding, failed, inconclusive, passed } from './check.ts';

/** One request of a check. */
export interface Case {
  /** What is special about the request: `a request without a signature`. */
  readonly what: string;
  readonly request: SignedRequest;
  readonly options?: SendOptions;
}

/** Judges the response to a request. */
export interface Judge {
  /** @param what the request's description, as in {@link Case} */
  (response: WireResponse, what: string): Finding;
  /** The response that passes, in a sentence. */
  readonly expected: string;
}

/** A judge, and the response that it wants. */
export function judgeOf(expected: string, judge: (response: WireResponse, what: string) => Finding): Judge {
  return Object.assign(judge, { expected });
}

/** Whether the endpoint accepted the request as an event. */
export const isAccepted = (response: WireResponse) => isAcknowledged(response) && !isQuarantined(response);

const isAcknowledged = ({ status = 0 }: WireResponse) => status >= 200 && status < 300;

/** Whether the endpoint acknowledged the request and kept it apart from its events, as webhook-inbox reports in a header. */
const isQuarantined = (response: WireResponse) =>
  isAcknowledged(response) &&
  response.headers.some(([name, value]) => name.toLowerCase() === 'inbox-status' && value === 'quarantined');

/** 501 and 505 refuse a method or an HTTP version; 503 asks the sender to retry. */
const isServerError = ({ status = 0 }: WireResponse) => status >= 500 && ![501, 503, 505].includes(status);

/** No response, or one of throttling or unavailability: it proves nothing about the request. */
function undecided({ status, failure }: WireResponse, what: string): Finding | undefined {
  if (status === undefined) return inconclusive(noResponse(what, failure));
  if (status === 429) return inconclusive(`The response to ${what} was 429 (throttled): try a lower --rate.`);
  return status === 503 ? inconclusive(`The response to ${what} was 503: try again later.`) : undefined;
}

/** States the status of a response. */
export const statusSentence = ({ status }: WireResponse, what: string) => `The response to ${what} was ${status}.`;

/** States that there was no response. */
export const noResponse = (what: string, failure: string | undefined) =>
  `There was no response to ${what}: ${failure}.`;

/** Passes if the endpoint refuses the request as the sender's fault. */
export const mustRefuse = judgeOf('The endpoint refuses the request (4xx).', (response, what) => {
  const { status } = response;
  if (isQuarantined(response)) return passed(`The response to ${what} was ${status}, quarantined.`);
  const isRefused = status !== undefined && status >= 400 && !undecided(response, what) && !isServerError(response);
  if (isRefused) return passed(statusSentence(response, what));
  if (isAccepted(response)) return failed(statusSentence(response, what));
  if (isServerError(response)) return brokenBy(statusSentence(response, what));
  return undecided(response, what) ?? inconclusive(statusSentence(response, what));
});

/** Passes if the endpoint refuses the request, or does not respond to it. */
export const mustRefuseOrClose = judgeOf(
  'The endpoint refuses the request (4xx), or closes the connection.',
  (response, what) =>
    response.status === undefined ? passed(noResponse(what, response.failure)) : mustRefuse(response, what),
);

/** Passes if the endpoint accepts or refuses the request without a server error. */
export const mustSurvive = judgeOf('The response is no server error (5xx).', (response, what) => {
  if (isServerError(response)) return brokenBy(statusSentence(response, what));
  return undecided(response, what) ?? passed(statusSentence(response, what));
});

/** Passes if the endpoint accepts the request. */
export const mustAccept = judgeOf('The endpoint accepts the request (2xx).', (response, what) => {
  if (isAccepted(response)) return passed(statusSentence(response, what));
  return undecided(response, what) ?? failed(statusSentence(response, what));
});

/**
 * Sends requests one after the other, and judges every response.
 * @param genuine the request that they were changed from, unless a case names its own. @default - not known
 */
export async function sendAll(
  prober: Prober,
  judge: Judge,
  cases: readonly Case[],
  genuine?: SignedRequest,
): Promise<Finding> {
  const findings: Finding[] = [];
  for (const each of cases) {
    findings.push(await sendOne(prober, judge, { ...each, options: { genuine, ...each.options } }));
  }
  return combined(findings);
}

/** Sends a request, and judges the response. */
export async function sendOne(prober: Prober, judge: Judge, { what, request, options }: Case): Promise<Finding> {
  const response = await prober.send(what, request, { expected: judge.expected, ...options });
  return prober.conclude(response, judge(response, what));
}

/** Number of details that a combined finding quotes. */
const MAX_DETAILS = 4;

/**
 * Combines findings into one: the worst verdict, with the details that led to it. A wrong acceptance is worse than a
 * server error.
 */
export function combined(findings: readonly Finding[]): Finding {
  const of = (verdict: Finding['verdict']) => findings.filter((finding) => finding.verdict === verdict);
  const failures = of('failed').toSorted((one, other) => Number(isBroken(one)) - Number(isBroken(other)));
  const [worst = []] = [failures, of('inconclusive'), of('passed')].filter(({ length }) => length > 0);
  const [first] = worst;
  if (!first) return inconclusive('The probe could not build a request for this check.');
  const details = worst.slice(0, MAX_DETAILS).map(({ detail }) => detail);
  const more = worst.length - MAX_DETAILS;
  const rest = more > 0 ? [`${more} more ${more === 1 ? 'finding is' : 'findings are'} like these.`] : [];
  return { ...first, detail: [...details, ...rest].join(' ') };
}

const isBroken = ({ isServerError: isFault = false }: Finding) => isFault;

/** Builds the cases that can be signed: some schemes read the body that they sign, and throw. */
export function signable(builders: readonly (() => Case)[]): Case[] {
  return builders.flatMap((build) => {
    try {
      return [build()];
    } catch {
      return [];
    }
  });
}

/** Outcome of an event, as a response reports it. */
export type Outcome = 'processed' | 'duplicate' | 'conflict';

/**
 * Reads the outcome of an event from a response: from its status code, or from its JSON, also for several events.
 * @returns undefined if the response does not report an outcome
 */
export function outcomeOf(response: WireResponse): Outcome | undefined {
  if (response.status === 208) return 'duplicate';
  if (response.status === 409) return 'conflict';
  return isAccepted(response) ? outcomeIn(response.text) : undefined;
}

function outcomeIn(text: string): Outcome | undefined {
  const words = statusWords(text);
  if (words.some((word) => /^(processed|created|stored|new)$/i.test(word))) return 'processed';
  return words.some((word) => /duplicate|already|seen/i.test(word)) ? 'duplicate' : undefined;
}

function statusWords(text: string): string[] {
  try {
    const { status, result, events } = JSON.parse(text);
    if (Array.isArray(events)) return events.map((event) => String(event?.status));
    return [String(status ?? result ?? '')];
  } catch {
    return [];
  }
}
