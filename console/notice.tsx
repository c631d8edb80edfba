import './styles/notice.css';
import { printable } from '../cli/printable.ts';
import { connection, failure, openInbox } from './deliveries.ts';
import { inbox, inboxProblem } from './inbox.ts';

/** Says that the page is no longer live, and why. */
export function Notice() {
  const problem = inboxProblem.value || failure.value;
  if (problem !== '')
    return (
      <div class="notice" role="alert">
        <p>{printable(problem)}</p>
        <button type="button" onClick={openInbox}>
          Try again
        </button>
      </div>
    );
  if (connection.value !== 'lost') return null;
  return (
    <div class="notice" role="alert">
      <p>
        The connection is lost. New deliveries are not shown until{' '}
        {inbox.value?.isDeployed ? 'the console runs again: it prints another link.' : <LocalAdvice />}
      </p>
    </div>
  );
}

function LocalAdvice() {
  return (
    <>
      <code>npm start</code> runs again. This page connects by itself.
    </>
  );
}
