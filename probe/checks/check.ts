import type { CheckDescription, Verdict } from '../probe-report.ts';
import type { Prober } from '../prober.ts';

/** What came of a check that was made. */
export interface Finding {
  readonly verdict: Verdict;
  /** What was seen, in a sentence. */
  readonly detail: string;
}

/** Something that a check cannot do without: why it is missing, or undefined where it is there. */
export type Need = (prober: Prober) => string | undefined;

/** One check. */
export interface Check extends CheckDescription {
  /** How many requests it sends at most. */
  readonly requests: number;
  readonly needs: readonly Need[];
  readonly run: (prober: Prober) => Promise<Finding>;
}

export const passed = (detail: string): Finding => ({ verdict: 'passed', detail });
export const failed = (detail: string): Finding => ({ verdict: 'failed', detail });
export const inconclusive = (detail: string): Finding => ({ verdict: 'inconclusive', detail });
export const skipped = (detail: string): Finding => ({ verdict: 'skipped', detail });

export const secret: Need = ({ settings }) => {
  return settings.secret === undefined ? 'Needs the signing secret: --secret-stdin.' : undefined;
};

export const signatureHeader: Need = (prober) => {
  return prober.signatureHeader === undefined ? 'Needs a signature in a header: this one is in the body.' : undefined;
};

export const digest: Need = (prober) => {
  const { signatureHeader: header, sender } = prober;
  const isThere = header !== undefined && prober.digestOf(prober.sign(sender.sample(Date.now())));
  return isThere ? undefined : 'Needs a signature that is a digest in a header.';
};

export const everyByteSigned: Need = ({ sender }) => {
  return sender.signsEveryByte ? undefined : 'Needs a scheme that signs every byte of the body.';
};

export const json: Need = ({ sender }) => {
  return /^[{[]/.test(sender.sample(Date.now()).body.toString().trim()) ? undefined : 'Needs a body in JSON.';
};

export const newEvents: Need = ({ sender }) => {
  return sender.idAt ? undefined : 'Needs to know where the event id stands: --id-field.';
};

export const idField: Need = ({ sender }) => {
  return sender.idField ? undefined : 'Needs an event id in a field of the body: --id-field.';
};

export const neededId: Need = ({ sender }) => {
  return sender.needsId ? undefined : 'Needs events that must have an id in a field of the body: --id-field.';
};

export const remote: Need = ({ target }) =>
  target.isLoopback ? 'Needs an endpoint that is not on loopback.' : undefined;

export const https: Need = ({ target }) => {
  return target.url.protocol === 'https:' ? undefined : 'Needs an https URL.';
};
