import './styles/search.css';
import { liveFrom } from './deliveries.ts';
import { filter, now } from './filter.ts';
import { clock } from './format.ts';
import { inbox } from './inbox.ts';
import { cancelSearch, found, progress, searchOlder, searchProblem } from './search.ts';
import { changeTime, missing, searchShown } from './shown.ts';

const DAY = 24 * 3_600_000;

/** What of the filter's time is not loaded, and the search for it. */
export function SearchBar() {
  if (!inbox.value?.isDeployed) return null;
  return (
    <div class="search">
      <State />
    </div>
  );
}

function State() {
  if (progress.value !== undefined)
    return (
      <>
        <p role="status">{progress}…</p>
        <button type="button" onClick={cancelSearch}>
          Cancel
        </button>
      </>
    );
  if (searchProblem.value !== '')
    return <Offer text={searchProblem.value} label="Try again" act={tryAgain} isProblem />;
  if (missing.value === 'unsearched')
    return <Offer text="The log is not searched for these yet." label="Search the log" act={searchShown} />;
  if (missing.value === 'older')
    return <Offer text={`Loaded from ${oldestFound()} on.`} label="Load older deliveries" act={searchOlder} />;
  const { ms, between } = filter.value;
  if (ms > 0 || between) return null;
  const showDay = () => changeTime({ ms: DAY });
  return (
    <Offer text={`Live, from ${clock(liveFrom.value, now.value)} on.`} label="Show the last 24 hours" act={showDay} />
  );
}

interface OfferProps {
  readonly text: string;
  readonly label: string;
  readonly act: () => unknown;
  readonly isProblem?: boolean;
}

function Offer({ text, label, act, isProblem = false }: OfferProps) {
  return (
    <>
      <p class={isProblem ? 'problem' : 'quiet'} role={isProblem ? 'alert' : undefined}>
        {text}
      </p>
      <button type="button" onClick={act}>
        {label}
      </button>
    </>
  );
}

function tryAgain(): Promise<void> {
  return missing.value === 'older' ? searchOlder() : searchShown();
}

function oldestFound(): string {
  const [oldest] = found.value?.deliveries ?? [];
  return clock(oldest?.time ?? liveFrom.value, now.value);
}
