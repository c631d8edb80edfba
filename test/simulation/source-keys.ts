import type { SigningKeys } from '../../lambda/signature/scheme.ts';

/** A version of a source's secret. */
export interface KeyVersion extends SigningKeys {
  /** The id of the version in Secrets Manager. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** When it became the current version, in epoch milliseconds; undefined while it is staged. */
  promotedAt?: number;
  /** When the provider began to sign with it, in epoch milliseconds; undefined before that. */
  usedSince?: number;
}

/** The key that a provider signs with now. @throws {Error} if there is none */
export function keyInUse(versions: readonly KeyVersion[]): KeyVersion {
  const key = versions.findLast(({ usedSince }) => usedSince !== undefined);
  if (!key) throw new Error('The provider has no key yet.');
  return key;
}

/** When a version stopped being the current one, in epoch milliseconds; undefined if it has not. */
export function replacedAt(versions: readonly KeyVersion[], version: KeyVersion): number | undefined {
  return versions[versions.indexOf(version) + 1]?.promotedAt;
}
