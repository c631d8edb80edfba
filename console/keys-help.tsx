import './styles/dialog.css';
import { useEffect, useRef } from 'preact/hooks';
import { hasModifier, isEditable } from './keys.ts';

const KEYS: readonly (readonly [keys: readonly string[], effect: string])[] = [
  [['/'], 'goes to the search; Enter goes on to the list'],
  [['j', 'k'], 'select the next and the previous in the list, as do ↓ and ↑'],
  [['Page Up', 'Page Down', 'Home', 'End'], 'move in the list'],
  [['Enter'], 'goes from the list to what is selected'],
  [['Escape'], 'goes back to the list'],
  [['?'], 'shows this help'],
];

/** The button and the dialog that list the keys. */
export function KeysHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  const show = () => {
    if (!dialog.current?.open) dialog.current?.showModal();
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !hasModifier(event) && !isEditable(event.target)) show();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button type="button" class="help" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={show}>
        ?
      </button>
      <dialog ref={dialog} aria-labelledby="keys-title">
        <h2 id="keys-title">Keyboard shortcuts</h2>
        <dl class="keys">
          {KEYS.map(([keys, effect]) => (
            <div key={effect}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{effect}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}
