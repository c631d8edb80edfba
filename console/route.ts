import { computed, signal } from '@preact/signals';

/** The views of the page. */
export const VIEWS = ['deliveries', 'outcomes', 'quarantine', 'sources'] as const;

/** A view of the page. */
export type View = (typeof VIEWS)[number];

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** The view and what is selected in it, which the address has, so that the browser's own buttons work. */
export const route = computed((): { readonly view: View; readonly selected: string | undefined } => {
  const [, name, id] = /^#\/(\w+)(?:\/(.+))?$/.exec(hash.value) ?? [];
  const view = VIEWS.find((each) => each === name) ?? 'deliveries';
  return { view, selected: id === undefined ? undefined : decoded(id) };
});

/** The address of a view, or of something in it. */
export function hrefOf(view: View, selected?: string): string {
  return selected === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(selected)}`;
}

/** Selects something in the view. Moving on in a list adds nothing to the browser's history. */
export function select(view: View, selected: string | undefined): void {
  const isMovingOn = route.value.view === view && route.value.selected !== undefined && selected !== undefined;
  const href = hrefOf(view, selected);
  if (isMovingOn) history.replaceState(undefined, '', href);
  else history.pushState(undefined, '', href);
  hash.value = href;
}
addEventListener('popstate', () => {
  hash.value = location.hash;
});

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
