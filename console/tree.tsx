import './styles/tree.css';
import { useState } from 'preact/hooks';
import { printable } from '../cli/printable.ts';
import { ExactNumber } from './exact-json.ts';
import { counted } from './format.ts';

/** How many fields or items are shown at first. */
const PAGE = 100;

/** How many more are shown each time: a page with all of a large payload in it would hang. */
const MORE = 1_000;

/** How many levels are open at first. */
const OPEN_LEVELS = 2;

/** JSON as nested lists. Only what is open is in the document. */
export function Tree({ value }: { readonly value: unknown }) {
  if (!isContainer(value)) return <Scalar value={value} />;
  return <Fields value={value} level={0} />;
}

/** An array or an object. */
type Container = readonly unknown[] | Readonly<Record<string, unknown>>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber);
}

function Fields({ value, level }: { readonly value: Container; readonly level: number }) {
  const [limit, setLimit] = useState(PAGE);
  const entries = Object.entries(value);
  return (
    <ul class="tree">
      {entries.slice(0, limit).map(([name, each]) => (
        <Field key={name} name={name} value={each} level={level} />
      ))}
      {entries.length > limit && (
        <li>
          <button type="button" class="link" onClick={() => setLimit(limit + MORE)}>
            {moreOf(entries.length - limit)}
          </button>
        </li>
      )}
    </ul>
  );
}

const moreOf = (hidden: number) =>
  hidden > MORE
    ? `Next ${MORE.toLocaleString('en')} of ${hidden.toLocaleString('en')} more`
    : `${hidden.toLocaleString('en')} more`;

interface FieldProps {
  readonly name: string;
  readonly value: unknown;
  readonly level: number;
}

function Field({ name, value, level }: FieldProps) {
  const label = <span class="name">{shownName(name)}</span>;
  if (!isContainer(value)) {
    return (
      <li>
        {label} <Scalar value={value} />
      </li>
    );
  }
  return (
    <li>
      <Branch name={name} value={value} level={level} />
    </li>
  );
}

function Branch({ name, value, level }: FieldProps & { readonly value: Container }) {
  const { length } = Object.keys(value);
  const [isOpen, setOpen] = useState(level < OPEN_LEVELS && length <= PAGE);
  const summary = Array.isArray(value) ? counted(length, 'item') : counted(length, 'field');
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span class="name">{shownName(name)}</span> <span class="quiet">{summary}</span>
      </summary>
      {isOpen && <Fields value={value} level={level + 1} />}
    </details>
  );
}

/** The empty name is quoted, so that it is seen. */
const shownName = (name: string) => printable(name) || '""';

function Scalar({ value }: { readonly value: unknown }) {
  if (value instanceof ExactNumber) return <span class="number">{value.digits}</span>;
  if (typeof value !== 'string') return <span class="constant">{String(value)}</span>;
  return <span class="string">{printable(JSON.stringify(value))}</span>;
}
