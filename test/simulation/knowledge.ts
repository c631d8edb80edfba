import type { ReadSecret } from '../../lambda/secrets/signing-secret.ts';
import { currentEnvironment, type ExecutionEnvironment } from './execution-environment.ts';

/** A secret as an environment read it. */
interface LearnedSecret {
  readonly current: string;
  readonly previous: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What the environments of the receiver have learned from Secrets Manager. */
export interface Knowledge {
  /** Learns what a read returns. */
  readonly observe: (read: ReadSecret) => ReadSecret;
  /** When, before a time, the environment last read this value as the current or the previous secret; epoch milliseconds. */
  readonly lastRead: (
    reader: ExecutionEnvironment,
    source: string,
    value: string,
    before: number,
  ) => number | undefined;
  /** Whether it read this value as the current one at some time from `since` on. */
  readonly wasCurrent: (reader: ExecutionEnvironment, source: string, value: string, since: number) => boolean;
}

/** @param now epoch milliseconds */
export function knowledgeOf(now: () => number): Knowledge {
  const learned = new Map<string, LearnedSecret[]>();
  const reads = ({ id }: ExecutionEnvironment, source: string) => learned.get(`${id} ${source}`) ?? [];

  function learn(source: string, secret: LearnedSecret): void {
    const reader = currentEnvironment();
    if (reader) learned.set(`${reader.id} ${source}`, [...reads(reader, source), secret]);
  }

  return {
    observe: (read) => async (source, deadline) => {
      const at = now();
      const result = await read(source, deadline);
      if ('secret' in result) {
        const { current, previous } = result.secret;
        learn(source, { current, previous: previous?.value, at });
      }
      return result;
    },
    lastRead: (reader, source, value, before) =>
      reads(reader, source).findLast(({ current, previous, at }) => {
        return at < before && (current === value || previous === value);
      })?.at,
    wasCurrent: (reader, source, value, since) =>
      reads(reader, source).some(({ current, at }) => current === value && at >= since),
  };
}
