/** The largest number of changed characters between a mistyped word and the one that was meant. */
const MAX_EDITS = 2;

/**
 * Suggests the word that was probably meant, by edit distance and without regard to case.
 * @returns undefined if no word is close
 */
export function suggestion(mistyped: string, words: Iterable<string>): string | undefined {
  const typed = mistyped.toLowerCase();
  const close = [...words]
    .map((word) => ({ word, edits: editDistance(typed, word.toLowerCase()) }))
    .filter(({ word, edits }) => edits <= MAX_EDITS && edits <= word.length / 2);
  return close.toSorted((one, other) => one.edits - other.edits)[0]?.word;
}

/** @see https://en.wikipedia.org/wiki/Levenshtein_distance */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const substituted = (row[column - 1] ?? 0) + (to[column - 1] === character ? 0 : 1);
      next.push(Math.min(substituted, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
