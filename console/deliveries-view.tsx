import { useMemo } from 'preact/hooks';
import type { Delivery } from '../cli/deliveries/delivery-log.ts';
import { printable } from '../cli/printable.ts';
import { describeReason } from '../cli/reasons.ts';
import { failure, isListed } from './deliveries.ts';
import { DeliveryDetail } from './delivery-detail.tsx';
import { titleOf } from './delivery-title.ts';
import { now } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { clock } from './format.ts';
import { inboxProblem } from './inbox.ts';
import { OutcomeMark } from './outcome.tsx';
import { focusDetail, Panes } from './panes.tsx';
import { route, select } from './route.ts';
import { SearchBar } from './search-bar.tsx';
import { SendSample } from './send-sample.tsx';
import { loaded, missing, shown } from './shown.ts';
import { VirtualList } from './virtual-list.tsx';

const keyOf = ({ requestId }: Delivery) => requestId;

/** The live list of deliveries, and the selected one. */
export function DeliveriesView() {
  const { selected } = route.value;
  const delivery = useMemo(() => loaded.value.find((each) => each.requestId === selected), [loaded.value, selected]);
  const list = (
    <>
      <FilterBar />
      {shown.value.length === 0 ? (
        <Nothing />
      ) : (
        <VirtualList
          id="deliveries"
          label="Deliveries, the newest first"
          items={shown.value}
          keyOf={keyOf}
          selected={selected}
          onSelect={(key) => select('deliveries', key)}
          onOpen={focusDetail}
        >
          {(each) => <Row delivery={each} />}
        </VirtualList>
      )}
      <SearchBar />
    </>
  );
  const detail = delivery && <DeliveryDetail key={delivery.requestId} delivery={delivery} />;
  const hint =
    selected === undefined
      ? 'Select a delivery to see its payload.'
      : 'This delivery is not loaded. If it is older, choose its time above the list.';
  return <Panes list={list} detail={detail} hint={hint} />;
}

function Nothing() {
  // The notice says why.
  if (failure.value !== '' || inboxProblem.value !== '') return null;
  if (!isListed.value) return <p class="empty quiet">Loading deliveries…</p>;
  if (loaded.value.length > 0 || missing.value !== 'none')
    return (
      <div class="empty">
        <h2>No delivery matches</h2>
        <p>Change or clear the conditions above, or choose another time.</p>
      </div>
    );
  return (
    <div class="empty">
      <h2>Nothing has arrived yet</h2>
      <p>Send a sample, signed as its provider signs, or point a provider at the URL of a source.</p>
      <SendSample />
    </div>
  );
}

function Row({ delivery }: { readonly delivery: Delivery }) {
  const { source, outcome, time, status } = delivery;
  return (
    <>
      <span class="first-line">
        <strong>{printable(titleOf(delivery))}</strong>
        <OutcomeMark outcome={outcome} />
      </span>
      <span class="second-line quiet">
        <span>{source ?? 'unknown source'}</span>
        <span class="id">{printable(subtitleOf(delivery))}</span>
        <span class="hidden">, HTTP {status}, </span>
        <time dateTime={new Date(time).toISOString()}>{clock(time, now.value)}</time>
      </span>
    </>
  );
}

function subtitleOf({ events, reason, code, outcome }: Delivery): string {
  const meaning =
    outcome === 'processed' || outcome === 'duplicate' ? undefined : describeReason(reason, code)?.meaning;
  return meaning ?? events[0]?.id ?? '';
}
