/** A doc comment in Markdown: its text, and what follows each tag. */
export interface DocComment {
  readonly text: string;
  readonly tags: readonly DocTag[];
}

/** A block tag of a doc comment. */
export interface DocTag {
  /** The tag without its `@`. */
  readonly name: string;
  readonly text: string;
}

const TAG = /(?:^|\s)@(default|deprecated|example|group|param|returns|see|throws|typeParam)\b/;
const INLINE_LINK = /\{@link ([^}]+)\}/g;

/**
 * Parses a doc comment.
 * @param comment the text between the slash and asterisk that begin it, and those that end it
 */
export function parseDocComment(comment: string): DocComment {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
  const [text = '', ...parts] = lines.join('\n').replace(INLINE_LINK, '`$1`').split(TAG);
  const tags = parts.flatMap((name, index) =>
    index % 2 === 0 ? [{ name, text: (parts[index + 1] ?? '').trim() }] : [],
  );
  return { text: text.trim(), tags };
}

/** What follows each tag of a name, in order. */
export function tagsOf({ tags }: DocComment, name: string): readonly string[] {
  return tags.filter((tag) => tag.name === name).map(({ text }) => text);
}
