import './styles/sample.css';
import { useState } from 'preact/hooks';
import { announce } from './announcement.tsx';
import { api } from './api.ts';
import { summaryOf } from './attempts.ts';
import { inbox } from './inbox.ts';

/** Sends a sample of a source that the user chooses. */
export function SendSample() {
  const names = inbox.value?.sources.map(({ name }) => name) ?? [];
  const [chosen, setChosen] = useState('');
  const source = chosen || (names.includes('generic') ? 'generic' : (names[0] ?? ''));
  return (
    <div class="sample">
      <label>
        <span class="hidden">Source of the sample</span>
        <select value={source} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <SampleButton source={source} />
    </div>
  );
}

/** Sends a sample of a source. */
export function SampleButton({ source }: { readonly source: string }) {
  const [problem, setProblem] = useState('');
  const [isSending, setSending] = useState(false);

  async function send() {
    setSending(true);
    setProblem('');
    try {
      const answer = await api.sample(source);
      announce(`Sent a sample to ${source}: ${summaryOf(answer)}.`);
      if (answer.status === undefined) setProblem(summaryOf(answer));
    } catch (error) {
      setProblem((error as Error).message);
    }
    setSending(false);
  }

  return (
    <>
      <button type="button" aria-label={`Send a sample to ${source}`} disabled={isSending} onClick={send}>
        Send a sample
      </button>
      {problem !== '' && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}
