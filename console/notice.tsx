import './styles/notice.css';
import { connection, failure, followDeliveries } from './deliveries.ts';
import { inbox } from './inbox.ts';

/** Says that the page is no longer live, and why. */
export function Notice() {
  if (failure.value !== '')
    return (
      <div class="notice" role="alert">
        <p>{failure}</p>
        <button type="button" onClick={followDeliveries}>
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
