/** A rule about a definition: whether it applies, and the message if it does. The message begins with the path. */
export type Rule = readonly [applies: boolean, message: string];

/** The messages of the rules that apply. */
export function messagesOf(rules: readonly Rule[]): readonly string[] {
  return rules.filter(([applies]) => applies).map(([, message]) => message);
}
