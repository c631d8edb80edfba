import './styles/dialog.css';
import type { ComponentChildren, RefObject } from 'preact';

interface ConfirmationProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly id: string;
  readonly title: string;
  readonly keep: string;
  readonly act: string;
  readonly isDangerous?: boolean;
  readonly onAct: () => void;
  readonly children: ComponentChildren;
}

/** A dialog that asks before something is done. */
export function Confirmation(props: ConfirmationProps) {
  const { dialog, id, title, keep, act, isDangerous = false, onAct, children } = props;
  return (
    <dialog ref={dialog} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
      <form method="dialog">
        <button type="submit">{keep}</button>
        <button type="submit" class={isDangerous ? 'danger' : 'primary'} onClick={onAct}>
          {act}
        </button>
      </form>
    </dialog>
  );
}
