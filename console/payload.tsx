import './styles/payload.css';
import { useMemo, useState } from 'preact/hooks';
import type { PayloadText } from '../cli/console/api.ts';
import { printable } from '../cli/printable.ts';
import { CopyButton } from './copy-button.tsx';
import { parsePayload } from './exact-json.ts';
import { size } from './format.ts';
import { Tree } from './tree.tsx';

/** How much of a payload is shown at first, in characters. */
const SHOWN = 100_000;

/** A payload as a tree, and as it was received. It is text: nothing in it becomes markup. */
export function Payload({ payload }: { readonly payload: PayloadText }) {
  const parsed = useMemo(() => parsePayload(payload.text), [payload]);
  const [isRaw, setRaw] = useState(false);
  const showsTree = parsed !== undefined && !isRaw;
  return (
    <section class="payload" aria-labelledby="payload-title">
      <header>
        <h3 id="payload-title">Payload</h3>
        <span class="quiet">{size(payload.bytes)}</span>
        <span class="space" />
        {parsed && (
          <fieldset class="switch">
            <legend class="hidden">Payload as</legend>
            <Choice label="Tree" isChosen={showsTree} onChoose={() => setRaw(false)} />
            <Choice label="Raw" isChosen={!showsTree} onChoose={() => setRaw(true)} />
          </fieldset>
        )}
        <CopyButton isQuiet label="Copy" what="the payload" text={() => payload.text} />
      </header>
      {!payload.isText && <p class="quiet">The payload is not text: bytes that are no UTF-8 are shown as �.</p>}
      {showsTree ? <Tree value={parsed.value} /> : <Raw text={payload.text} />}
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Choice({ label, isChosen, onChoose }: ChoiceProps) {
  return (
    <button type="button" aria-pressed={isChosen} onClick={onChoose}>
      {label}
    </button>
  );
}

function Raw({ text }: { readonly text: string }) {
  const [isWhole, setWhole] = useState(text.length <= SHOWN);
  return (
    <>
      <textarea
        class="raw"
        readOnly
        spellcheck={false}
        aria-label="Payload as it was received"
        value={printable(isWhole ? text : text.slice(0, SHOWN))}
      />
      {!isWhole && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all
        </button>
      )}
    </>
  );
}
