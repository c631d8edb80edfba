import './styles/table.css';
import './styles/sources.css';
import { useState } from 'preact/hooks';
import type { SourceDescription } from '../cli/console/api.ts';
import { CopyButton } from './copy-button.tsx';
import { filter, NO_FILTER, now } from './filter.ts';
import { clock } from './format.ts';
import { inbox } from './inbox.ts';
import { OutcomeMark } from './outcome.tsx';
import { hrefOf } from './route.ts';
import { SampleButton } from './send-sample.tsx';
import { loaded } from './shown.ts';

/** The sources: URL, secret, last delivery. */
export function SourcesView() {
  const [text, setText] = useState('');
  const sources = inbox.value?.sources ?? [];
  const found = sources.filter(({ name, provider }) => `${name} ${provider}`.includes(text.toLowerCase()));
  return (
    <div class="sources">
      <search class="filter">
        <label>
          <span class="hidden">Name of a source</span>
          <input
            type="search"
            placeholder="Search sources"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
      </search>
      {inbox.value?.sourcesProblem !== undefined && <p class="problem message">{inbox.value.sourcesProblem}</p>}
      {sources.length > 0 && found.length === 0 && <p class="quiet message">No source has this name.</p>}
      <section class="scroll" aria-label="Sources">
        <table>
          <thead>
            <tr>
              {['Source', 'URL', 'Signing secret', 'Last delivery', 'Actions'].map((each) => (
                <th key={each} scope="col">
                  {each}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.map((source) => (
              <Row key={source.name} source={source} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Row({ source }: { readonly source: SourceDescription }) {
  const { name, provider, url, secret, isSecretMissing, documentation, guide } = source;
  return (
    <tr>
      <th scope="row">
        {name}
        {provider !== name && <span class="quiet"> {provider}</span>}
      </th>
      <td class="url">
        <code>{url}</code> <CopyButton isQuiet label="Copy" what={`the URL of ${name}`} text={() => url} />
      </td>
      <td data-label="Signing secret">{isSecretMissing ? <span class="problem">{secret}</span> : secret}</td>
      <td data-label="Last delivery">
        <LastDelivery source={name} />
      </td>
      <td class="actions">
        <SampleButton source={name} />
        {guide !== undefined && <Guide href={guide} label="Guide" source={name} />}
        {documentation !== undefined && <Guide href={documentation} label="Docs" source={name} />}
      </td>
    </tr>
  );
}

function LastDelivery({ source }: { readonly source: string }) {
  const last = loaded.value.findLast((each) => each.source === source);
  if (!last) return <span class="quiet">none</span>;
  const show = () => {
    filter.value = { ...NO_FILTER, source };
  };
  return (
    <>
      <a href={hrefOf('deliveries', last.requestId)} onClick={show}>
        {clock(last.time, now.value)}
      </a>{' '}
      <OutcomeMark outcome={last.outcome} />
    </>
  );
}

interface GuideProps {
  readonly href: string;
  readonly label: string;
  readonly source: string;
}

function Guide({ href, label, source }: GuideProps) {
  return (
    <a href={href} target="_blank" rel="noreferrer" aria-label={`${label} of ${source}, in a new tab`}>
      {label}
    </a>
  );
}
