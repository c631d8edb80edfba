import './styles/panes.css';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { isEditable, listElement } from './keys.ts';
import { select, type View } from './route.ts';

interface PanesProps {
  readonly list: ComponentChildren;
  /** What is selected; undefined if nothing is. */
  readonly detail: ComponentChildren | undefined;
  /** What the second pane says if nothing is selected. */
  readonly hint: string;
}

/** A list and, beside it, what is selected in it. A narrow window shows one of the two. */
export function Panes({ list, detail, hint }: PanesProps) {
  return (
    <div class={detail === undefined ? 'panes' : 'panes has-detail'}>
      <div class="first">{list}</div>
      <div class="second">{detail ?? <p class="hint quiet">{hint}</p>}</div>
    </div>
  );
}

interface DetailProps {
  readonly view: View;
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The id of the heading of what is selected, which takes the focus. */
const TITLE = 'detail-title';

/** What is selected, under its heading. Escape closes it. */
export function Detail({ view, title, children }: DetailProps) {
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || isEditable(event.target) || document.querySelector('dialog[open]')) return;
      closeDetail(view);
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [view]);
  return (
    <article class="detail" aria-labelledby={TITLE}>
      <button type="button" class="back link" onClick={() => closeDetail(view)}>
        ← Back to the list
      </button>
      <h2 id={TITLE} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </article>
  );
}

function closeDetail(view: View): void {
  select(view, undefined);
  listElement()?.focus();
}

/** Moves the focus to what is selected, as soon as it is in the document. */
export function focusDetail(): void {
  requestAnimationFrame(() => document.getElementById(TITLE)?.focus());
}
