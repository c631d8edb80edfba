import './styles/redeliver.css';
import { useRef, useState } from 'preact/hooks';
import type { MatchingRule, RedeliveryAnswer } from '../cli/console/api.ts';
import { printable } from '../cli/printable.ts';
import { announce } from './announcement.tsx';
import { api } from './api.ts';
import { putAgain } from './attempts.ts';
import { Confirmation } from './confirmation.tsx';

interface RedeliverProps {
  readonly source: string;
  readonly eventId: string;
  readonly busName: string;
}

/** Puts a stored event on the event bus again, after a confirmation that lists the rules that match. */
export function Redeliver({ source, eventId, busName }: RedeliverProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [rules, setRules] = useState<readonly MatchingRule[] | string>();
  const [result, setResult] = useState<RedeliveryAnswer>();

  function ask() {
    setRules(undefined);
    dialog.current?.showModal();
    api.rules(source, eventId).then(
      (answer) => setRules(answer.rules),
      (error: Error) => setRules(error.message),
    );
  }

  async function put() {
    const answer = await putAgain(source, eventId, busName);
    setResult(answer);
    announce(answer.isPut ? 'The event was put on the bus.' : answer.text);
  }

  return (
    <div class="redeliver">
      <button type="button" onClick={ask}>
        Put on the event bus…
      </button>
      {result && (
        <p class={result.isPut ? 'good' : 'bad'}>
          {result.isPut ? 'Put on the bus: ' : 'Not put on the bus: '}
          {printable(result.text)}
        </p>
      )}
      <Confirmation
        dialog={dialog}
        id="redeliver-title"
        title="Put this event on the bus again?"
        keep="Cancel"
        act="Put it on the bus"
        onAct={put}
      >
        <p>
          The bus <code>{busName}</code> passes it to every rule that matches. Consumers must recognize an event that
          they have had by its id.
        </p>
        <Rules rules={rules} />
      </Confirmation>
    </div>
  );
}

function Rules({ rules }: { readonly rules: readonly MatchingRule[] | string | undefined }) {
  if (rules === undefined) return <p class="quiet">Reading the rules…</p>;
  if (typeof rules === 'string') return <p class="problem">Which rules match is not known. {rules}</p>;
  if (rules.length === 0) return <p class="problem">No rule matches it now: no consumer would get it.</p>;
  return (
    <>
      <p>{rules.length === 1 ? 'One rule matches now:' : `${rules.length} rules match now:`}</p>
      <ul class="rules">
        {rules.map(({ name, isEnabled, isCertain, targets }) => (
          <li key={name}>
            <code>{printable(name)}</code>
            {!isEnabled && ' (disabled)'}
            {!isCertain && ' (may match: not all of its pattern is checked here)'}
            <span class="quiet"> to {targets.map(nameIn).join(', ') || 'no target'}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The service and the resource of an ARN. */
function nameIn(arn: string): string {
  const [, , service, , , ...resource] = arn.split(':');
  return service === undefined ? arn : `${service} ${resource.join(':')}`;
}
