/** What a report must not contain. */
export interface Confidential {
  /** Secrets and keys. */
  readonly secrets: ReadonlySet<string>;
  /** Signatures that the endpoint would accept. */
  readonly signatures: ReadonlySet<string>;
  /** Headers of signatures, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** Headers that are as confidential as the secret, in lower case. */
  readonly tokens: ReadonlySet<string>;
  /** Whether the signature is in the body or the query string. */
  readonly isInBody: boolean;
}

/** Secrets as they are, and in base64, as HTTP basic authentication has them. */
export function secretForms({ secrets }: Pick<Confidential, 'secrets'>): readonly string[] {
  return [...secrets].flatMap((secret) => (secret === '' ? [] : [secret, Buffer.from(secret).toString('base64')]));
}
