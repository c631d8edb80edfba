import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import type { ParameterStoreApi } from './parameter-store-api.ts';
import { previousSecret, type ReadSecret, secretResult, trimmedSecret } from './signing-secret.ts';

/** Settings of the secrets in Parameter Store. */
export interface ParameterStoreOptions {
  /** The names of the parameters, by source. */
  readonly parameterNames: ReadonlyMap<string, string>;
  /** Time after a change in which the version before is accepted, in seconds. */
  readonly previousSecretGraceSeconds: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Ends a read at its deadline. @default `abortAt` */
  readonly openDeadline?: OpenDeadline;
}

/** The part of a parameter that is used. */
interface Parameter {
  readonly Value?: string;
  readonly Version?: number;
  /** Epoch seconds. */
  readonly LastModifiedDate?: number;
}

/**
 * Signing secrets in the Parameter Store of AWS Systems Manager: the latest version of a parameter, and the version before
 * it during the grace period, which begins when the latest one was stored. A read is one request, or two during the grace
 * period.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export function parameterStoreSecrets(call: ParameterStoreApi, options: ParameterStoreOptions): ReadSecret {
  const { parameterNames, previousSecretGraceSeconds, clock, openDeadline = abortAt } = options;

  async function attempt(name: string, deadline: number): Promise<Parameter> {
    using limit = openDeadline(deadline);
    const output = await call('GetParameter', { Name: name, WithDecryption: true }, limit.signal);
    return (output as { readonly Parameter?: Parameter }).Parameter ?? {};
  }

  /** A connection may be dead without a sign, so the first of two attempts gets half of the time. */
  async function read(name: string, deadline: number): Promise<Parameter> {
    const now = performance.now();
    try {
      return await attempt(name, now + (deadline - now) / 2);
    } catch (error) {
      if (isNamed(error, 'ParameterNotFound', 'ParameterVersionNotFound')) throw error;
      return await attempt(name, deadline);
    }
  }

  async function previousOf(name: string, version: number, acceptedUntil: number, deadline: number) {
    if (version < 2 || acceptedUntil <= clock()) return undefined;
    const previous = await read(`${name}:${version - 1}`, deadline).catch(undefinedIfMissing);
    return previousSecret(previous?.Value, acceptedUntil);
  }

  return async (source, deadline) => {
    const name = parameterNames.get(source) ?? '';
    try {
      const { Value, Version = 1, LastModifiedDate = 0 } = await read(name, deadline);
      const current = trimmedSecret(Value);
      if (current === undefined) return { unavailable: { reason: 'secret_empty' } };
      const acceptedUntil = Math.round((LastModifiedDate + previousSecretGraceSeconds) * 1000);
      const previous = await previousOf(name, Version, acceptedUntil, deadline);
      return secretResult(current, previous);
    } catch (error) {
      const isMissing = isNamed(error, 'ParameterNotFound');
      return { unavailable: { reason: isMissing ? 'secret_missing' : 'secret_unreachable', cause: causeOf(error) } };
    }
  };
}

/** The error behind "fetch failed", which names a socket or a host. */
const causeOf = (error: unknown): unknown => Object(error).cause ?? error;

const isNamed = (error: unknown, ...names: readonly string[]) => error instanceof Error && names.includes(error.name);

/** Parameter Store keeps 100 versions of a parameter. */
function undefinedIfMissing(error: unknown): undefined {
  if (isNamed(error, 'ParameterVersionNotFound', 'ParameterNotFound')) return undefined;
  throw error;
}
