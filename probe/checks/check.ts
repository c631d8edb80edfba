import type { CheckDescription, Verdict } from '../probe-report.ts';
import type { Prober } from '../prober.ts';

/** The result of a check. */
export interface Finding {
  readonly verdict: Verdict;
  /** The observation behind the verdict, in a sentence. */
  readonly detail: string;
  /** Whether it failed only because of server errors. @default false */
  readonly isServerError?: boolean;
}

/** A precondition of a check. @returns a sentence that says what is missing; undefined if the precondition is met */
export type Need = (prober: Prober) => string | undefined;

/** One check. */
export interface Check extends CheckDescription {
  /** The {@link CheckDescription.failedTitle} if it fails only because of server errors. @default - the same title */
  readonly errorTitle?: string;
  /** The greatest number of requests that it sends. */
  readonly requests: number;
  readonly needs: readonly Need[];
  readonly run: (prober: Prober) => Promise<Finding>;
}

export const passed = (detail: string): Finding => ({ verdict: 'passed', detail });
export const failed = (detail: string): Finding => ({ verdict: 'failed', detail });
/** A failure because of a server error. */
export const brokenBy = (detail: string): Finding => ({ ...failed(detail), isServerError: true });
export const inconclusive = (detail: string): Finding => ({ verdict: 'inconclusive', detail });
export const skipped = (detail: string): Finding => ({ verdict: 'skipped', detail });

export const secret: Need = ({ settings }) => {
  return settings.secret === undefined ? 'The check needs the signing secret: --secret-stdin.' : undefined;
};

export const signatureHeader: Need = (prober) => {
  return prober.signatureHeader === undefined ? 'The check needs a signature in a header, not in the body.' : undefined;
};

export const digest: Need = (prober) => {
  const { signatureHeader: header, sender } = prober;
  const hasDigest = header !== undefined && prober.digestOf(prober.sign(sender.sample(Date.now())));
  return hasDigest ? undefined : 'The check needs a signature that is a digest in a header.';
};

export const everyByteSigned: Need = ({ sender }) => {
  return sender.signsEveryByte ? undefined : 'The check needs a scheme that signs every byte of the body.';
};

export const json: Need = ({ sender }) => {
  const body = sender.sample(Date.now()).body.toString().trim();
  return /^[{[]/.test(body) ? undefined : 'The check needs a JSON body.';
};

export const newEvents: Need = ({ sender }) => {
  return sender.idAt ? undefined : 'The check needs the location of the event id: --id-field.';
};

export const idField: Need = ({ sender }) => {
  return sender.idField ? undefined : 'The check needs an event id in a field of the body: --id-field.';
};

export const neededId: Need = ({ sender }) => {
  return sender.needsId ? undefined : 'The check needs events with a mandatory id in a field of the body: --id-field.';
};

export const remote: Need = ({ target }) => {
  return target.isLoopback ? 'The check needs an endpoint that is not on loopback.' : undefined;
};

export const https: Need = ({ target }) => {
  return target.url.protocol === 'https:' ? undefined : 'The check needs an https URL.';
};
