import { useState } from 'preact/hooks';
import { announce } from './announcement.tsx';

/** How long the button says that the text was copied, in milliseconds. */
const SHOWN_MS = 1_500;

interface CopyButtonProps {
  readonly label: string;
  /** What is copied, for screen readers. */
  readonly what: string;
  readonly text: () => string | Promise<string>;
  /** Whether it has no border. @default false */
  readonly isQuiet?: boolean;
  readonly onFailure?: (message: string) => void;
}

/** Copies a text to the clipboard. */
export function CopyButton({ label, what, text, isQuiet = false, onFailure = announce }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);

  async function copy() {
    try {
      await navigator.clipboard.writeText(await text());
      announce(`Copied ${what}.`);
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MS);
    } catch (error) {
      onFailure((error as Error).message);
    }
  }

  return (
    <button type="button" class={isQuiet ? 'ghost' : undefined} aria-label={`${label}: ${what}`} onClick={copy}>
      {isCopied ? 'Copied' : label}
    </button>
  );
}
