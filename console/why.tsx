import './styles/why.css';
import type { Delivery, DeliveryIssue } from '../cli/deliveries/delivery-log.ts';
import { printable } from '../cli/printable.ts';
import { describeReason } from '../cli/reasons.ts';
import { sentence } from './format.ts';

/** Why a delivery was not simply stored, and what to do. */
export function Why({ delivery }: { readonly delivery: Delivery }) {
  const { reason, code, outcome, issues = [] } = delivery;
  const name = reason ?? code ?? (outcome === 'conflict' ? outcome : undefined);
  if (name === undefined) return null;
  return <Reason name={name} code={code} issues={issues} />;
}

interface ReasonProps {
  readonly name: string;
  readonly code?: string | undefined;
  readonly issues: readonly DeliveryIssue[];
  /** Whether the meaning is in a heading already. @default false */
  readonly isTitled?: boolean;
}

/** A reason with its meaning, the issues, and what to do. */
export function Reason({ name, code, issues, isTitled = false }: ReasonProps) {
  const known = describeReason(name, code);
  const names = [...new Set([code, name])].filter((each) => each !== undefined);
  return (
    <section class="why" aria-label="Reason">
      {!isTitled && (
        <p>
          <strong>{sentence(known?.meaning ?? printable(name))}</strong>
        </p>
      )}
      {issues.length > 0 && <Issues issues={issues} />}
      {known && <p>{known.action}</p>}
      <p class="quiet">
        {names.map((each) => (
          <code key={each}>{printable(each)} </code>
        ))}
      </p>
    </section>
  );
}

function Issues({ issues }: { readonly issues: readonly DeliveryIssue[] }) {
  return (
    <ul class="issues">
      {issues.map(({ path, expected }) => (
        <li key={`${path} ${expected}`}>
          <code>{printable(path)}</code>: expected {printable(expected)}
        </li>
      ))}
    </ul>
  );
}
