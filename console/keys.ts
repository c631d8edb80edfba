/** Whether a key is part of a shortcut of the browser or the system. */
export function hasModifier({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey;
}

/** Whether keys are input where they are pressed. */
export function isEditable(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, select, textarea');
}

/** The list of the view. */
export const listElement = () => document.querySelector<HTMLElement>('.list');

/** The keys that work everywhere on the page: `/` for the search, `j` and `k` for the list. */
export function actOnKey(event: KeyboardEvent): void {
  if (document.querySelector('dialog[open]')) return;
  if (isEditable(event.target)) leaveSearch(event);
  else if (event.key === '/' && !hasModifier(event)) focusSearch(event);
  else if (/^[jk]$/.test(event.key) && !hasModifier(event)) moveInList(event);
}

function leaveSearch(event: KeyboardEvent): void {
  const isSearch = (event.target as Element).matches('input[type=search]');
  if (!isSearch || (event.key !== 'Enter' && event.key !== 'Escape')) return;
  event.preventDefault();
  listElement()?.focus();
}

function focusSearch(event: KeyboardEvent): void {
  const search = document.querySelector<HTMLInputElement>('input[type=search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** The list itself acts on its keys. */
function moveInList({ key, target }: KeyboardEvent): void {
  const list = listElement();
  if (!list || list.contains(target as Node)) return;
  list.focus();
  list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: false }));
}
