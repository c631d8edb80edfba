import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Prober, Sending } from '../prober.ts';
import type { Answer } from '../wire.ts';
import { type Finding, failed, inconclusive, passed } from './check.ts';

/** One request of a check: what is special about it, and how it is sent. */
export interface Case {
  readonly what: string;
  readonly request: SignedRequest;
  readonly sending?: Sending;
}

/** What an answer, to a request of which this is said, tells. */
export type Judge = (answer: Answer, what: string) => Finding;

/** Whether the request was taken. */
export const isAccepted = ({ status = 0 }: Answer) => status >= 200 && status < 300;

/** 501 and 505 say of a method or a version that it is not spoken here; 503 asks to come again. */
const isFailure = ({ status = 0 }: Answer) => status >= 500 && ![501, 503, 505].includes(status);

/** Throttled, unavailable, or no answer at all: it says nothing of the request. */
function undecided({ status, failure }: Answer, what: string): Finding | undefined {
  if (status === undefined) return inconclusive(`No answer to ${what}: ${failure}.`);
  if (status === 429) return inconclusive(`Throttled (429) at ${what}: try a lower --rate.`);
  return status === 503 ? inconclusive(`Answered 503 to ${what}: try again later.`) : undefined;
}

const said = ({ status }: Answer, what: string) => `Answered ${status} to ${what}.`;

/** It must be refused as the sender's fault. */
export const refused: Judge = (answer, what) => {
  const isGood = answer.status !== undefined && answer.status >= 400 && !undecided(answer, what) && !isFailure(answer);
  if (isGood) return passed(said(answer, what));
  if (isAccepted(answer) || isFailure(answer)) return failed(said(answer, what));
  return undecided(answer, what) ?? inconclusive(said(answer, what));
};

/** It must be refused, or the connection closed. */
export const refusedOrClosed: Judge = (answer, what) => {
  return answer.status === undefined ? passed(`The connection was closed at ${what}.`) : refused(answer, what);
};

/** It may be taken or refused, but must not break the endpoint. */
export const survived: Judge = (answer, what) => {
  if (isFailure(answer)) return failed(said(answer, what));
  return undecided(answer, what) ?? passed(said(answer, what));
};

/** It must be taken. */
export const accepted: Judge = (answer, what) => {
  if (isAccepted(answer)) return passed(said(answer, what));
  return undecided(answer, what) ?? failed(said(answer, what));
};

/** Sends one after the other, and judges every answer alike. */
export async function sendAll(prober: Prober, judge: Judge, cases: readonly Case[]): Promise<Finding> {
  const findings: Finding[] = [];
  for (const { what, request, sending } of cases) {
    findings.push(judge(await prober.send(what, request, sending), what));
  }
  return together(findings);
}

/** How many findings are told in words. */
const TOLD = 4;

/** Findings of a check as one: the worst verdict, and what led to it. */
export function together(findings: readonly Finding[]): Finding {
  const of = (verdict: Finding['verdict']) => findings.filter((finding) => finding.verdict === verdict);
  const [bad, unclear, good] = [of('failed'), of('inconclusive'), of('passed')];
  const [telling = []] = [bad, unclear, good].filter(({ length }) => length > 0);
  const [first] = telling;
  if (!first) return inconclusive('No request could be made for it.');
  const rest = telling.length > TOLD ? ` And ${telling.length - TOLD} more like these.` : '';
  return {
    verdict: first.verdict,
    detail:
      telling
        .slice(0, TOLD)
        .map(({ detail }) => detail)
        .join(' ') + rest,
  };
}

/** Cases of which some cannot be made: signing reads what it signs. */
export function possible(cases: readonly (() => Case)[]): Case[] {
  return cases.flatMap((make) => {
    try {
      return [make()];
    } catch {
      return [];
    }
  });
}

/** What an answer says became of an event; undefined where it does not say. */
export type Outcome = 'processed' | 'duplicate' | 'conflict';

/** Reads the outcome of an answer: its status code, or the word that it has for its status, also of several events. */
export function outcomeOf(answer: Answer): Outcome | undefined {
  if (answer.status === 208) return 'duplicate';
  if (answer.status === 409) return 'conflict';
  return isAccepted(answer) ? outcomeIn(answer.text) : undefined;
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
