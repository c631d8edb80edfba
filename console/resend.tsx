import './styles/resend.css';
import { useState } from 'preact/hooks';
import type { ResendRequest, SentAnswer, SentForm } from '../cli/console/api.ts';
import { announce } from './announcement.tsx';
import { api } from './api.ts';
import { handlerUrl, sendAgain, setHandlerUrl, summaryOf } from './attempts.ts';
import { CopyButton } from './copy-button.tsx';
import { Redeliver } from './redeliver.tsx';

const FORMS: Readonly<Record<SentForm, string>> = {
  delivery: 'as it was delivered, signed again',
  event: 'as the event bus sends it',
};

interface ResendProps {
  readonly source: string;
  readonly eventId: string;
  /** The event bus; undefined if there is none. */
  readonly busName: string | undefined;
}

/** Sends a stored event to a URL or the event bus, or copies it as a command. */
export function Resend({ source, eventId, busName }: ResendProps) {
  const [form, setForm] = useState<SentForm>('delivery');
  const [result, setResult] = useState<SentAnswer | string>();
  const [isSending, setSending] = useState(false);
  const request = (): ResendRequest => ({ source, eventId, url: handlerUrl.value, form });

  async function send(event: Event) {
    event.preventDefault();
    setSending(true);
    const sent = await sendAgain(request()).catch((error: Error) => error.message);
    setSending(false);
    setResult(sent);
    announce(typeof sent === 'string' ? sent : summaryOf(sent));
  }

  return (
    <section class="resend" aria-labelledby="resend-title">
      <h3 id="resend-title">Send again</h3>
      <form onSubmit={send}>
        <label>
          <span class="hidden">URL of a handler</span>
          <input
            type="url"
            required
            value={handlerUrl.value}
            onInput={({ currentTarget }) => setHandlerUrl(currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={isSending}>
          {isSending ? 'Sending…' : 'Send'}
        </button>
        <label>
          <span class="hidden">Form</span>
          <select value={form} onChange={({ currentTarget }) => setForm(currentTarget.value as SentForm)}>
            {Object.entries(FORMS).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <CopyButton
          label="Copy as curl"
          what="the request as a curl command"
          text={async () => (await api.curl(request())).command}
          onFailure={setResult}
        />
      </form>
      {result !== undefined && <Result result={result} />}
      {busName !== undefined && <Redeliver source={source} eventId={eventId} busName={busName} />}
    </section>
  );
}

function Result({ result }: { readonly result: SentAnswer | string }) {
  if (typeof result === 'string') return <p class="problem">{result}</p>;
  return (
    <div class={isGood(result) ? 'answer good' : 'answer bad'}>
      <p>{summaryOf(result)}</p>
      {result.status !== undefined && result.text !== '' && <pre>{result.text}</pre>}
    </div>
  );
}

const isGood = ({ status = 0 }: SentAnswer) => status >= 200 && status < 300;
