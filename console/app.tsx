import './styles/frame.css';
import { useEffect } from 'preact/hooks';
import { Announcement } from './announcement.tsx';
import { hasNoSession } from './api.ts';
import { connection, failure } from './deliveries.ts';
import { DeliveriesView } from './deliveries-view.tsx';
import { inbox } from './inbox.ts';
import { actOnKey } from './keys.ts';
import { KeysHelp } from './keys-help.tsx';
import { Notice } from './notice.tsx';
import { OutcomesView } from './outcomes-view.tsx';
import { QuarantineView } from './quarantine-view.tsx';
import { hrefOf, route, VIEWS, type View } from './route.ts';
import { SourcesView } from './sources-view.tsx';

const TITLES: Readonly<Record<View, string>> = {
  deliveries: 'Deliveries',
  outcomes: 'Outcomes',
  quarantine: 'Quarantine',
  sources: 'Sources',
};

const CONNECTIONS = { connecting: 'Connecting…', live: 'Live', lost: 'Connection lost' } as const;

/** The whole page. */
export function App() {
  useEffect(() => {
    document.title = `${TITLES[route.value.view]} – webhook-inbox`;
  });
  useEffect(() => {
    addEventListener('keydown', actOnKey);
    return () => removeEventListener('keydown', actOnKey);
  }, []);
  if (hasNoSession.value) return <NoSession />;
  return (
    <>
      <header class="top">
        <h1>webhook-inbox</h1>
        <span class="place quiet">{inbox.value?.name}</span>
        <nav aria-label="Views">
          {VIEWS.map((view) => (
            <a key={view} href={hrefOf(view)} aria-current={route.value.view === view ? 'page' : undefined}>
              {TITLES[view]}
            </a>
          ))}
        </nav>
        <span class={`connection ${connection}`} role="status">
          {failure.value === '' ? CONNECTIONS[connection.value] : 'Not live'}
        </span>
        <KeysHelp />
      </header>
      <Notice />
      <main>
        <Content view={route.value.view} />
      </main>
      <Announcement />
    </>
  );
}

function Content({ view }: { readonly view: View }) {
  if (view === 'quarantine') return <QuarantineView />;
  if (view === 'outcomes') return <OutcomesView />;
  return view === 'sources' ? <SourcesView /> : <DeliveriesView />;
}

function NoSession() {
  return (
    <main class="empty">
      <h1>This link was used already</h1>
      <p>
        A link to the console works once, for one browser. <code>npm run console</code> or{' '}
        <code>npx webhook-inbox console</code> prints another one, and so does the next <code>npm start</code>.
      </p>
    </main>
  );
}
