import { useMemo } from 'preact/hooks';
import type { Delivery } from '../cli/deliveries/delivery-log.ts';
import { printable } from '../cli/printable.ts';
import { describeReason } from '../cli/reasons.ts';
import { deliveries, failure, now, shown } from './deliveries.ts';
import { DeliveryDetail } from './delivery-detail.tsx';
import { titleOf } from './delivery-title.ts';
import { FilterBar } from './filter-bar.tsx';
import { clock } from './format.ts';
import { OutcomeMark } from './outcome.tsx';
import { focusDetail, Panes } from './panes.tsx';
import { route, select } from './route.ts';
import { SendSample } from './send-sample.tsx';
import { VirtualList } from './virtual-list.tsx';

const keyOf = ({ requestId }: Delivery) => requestId;

/** The live list of deliveries, and the selected one. */
export function DeliveriesView() {
  const { selected } = route.value;
  const delivery = useMemo(
    () => deliveries.value.find((each) => each.requestId === selected),
    [deliveries.value, selected],
  );
  const list = (
    <>
      <FilterBar />
      {failure.value !== '' && <p class="problem">{failure}</p>}
      {deliveries.value.length === 0 ? (
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
    </>
  );
  const detail = delivery && <DeliveryDetail key={delivery.requestId} delivery={delivery} />;
  return <Panes list={list} detail={detail} hint="Select a delivery to see its payload." />;
}

function Nothing() {
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
