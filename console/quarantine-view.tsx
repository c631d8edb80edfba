import { useEffect } from 'preact/hooks';
import type { QuarantineEntry } from '../cli/console/api.ts';
import { printable } from '../cli/printable.ts';
import { describeReason } from '../cli/reasons.ts';
import { now } from './filter.ts';
import { clock, counted, sentence } from './format.ts';
import { focusDetail, Panes } from './panes.tsx';
import { entries, loadQuarantine, problem } from './quarantine.ts';
import { QuarantineDetail } from './quarantine-detail.tsx';
import { route, select } from './route.ts';
import { VirtualList } from './virtual-list.tsx';

const keyOf = ({ id }: QuarantineEntry) => id;

/** The items of the quarantine, and the selected one. */
export function QuarantineView() {
  const { selected } = route.value;
  useEffect(() => {
    void loadQuarantine();
  }, []);
  const items = entries.value ?? [];
  const list = (
    <>
      <div class="filter">
        <p class="count quiet">
          {entries.value ? counted(items.length, 'item') : 'Loading…'}
          <button type="button" class="link" onClick={loadQuarantine}>
            Reload
          </button>
        </p>
      </div>
      {problem.value !== '' && <p class="problem">{problem}</p>}
      {entries.value && items.length === 0 ? (
        <div class="empty">
          <h2>The quarantine is empty</h2>
          <p>A verified delivery that is invalid is kept here for 14 days, until you accept or discard it.</p>
        </div>
      ) : (
        <VirtualList
          id="quarantine"
          label="Quarantine, the newest first"
          items={items}
          keyOf={keyOf}
          selected={selected}
          onSelect={(key) => select('quarantine', key)}
          onOpen={focusDetail}
        >
          {(each) => <Row item={each} />}
        </VirtualList>
      )}
    </>
  );
  const detail = selected === undefined ? undefined : <QuarantineDetail key={selected} id={selected} />;
  return <Panes list={list} detail={detail} hint="Select an item to see what is wrong with it." />;
}

function Row({ item }: { readonly item: QuarantineEntry }) {
  const time = Date.parse(item.received_at);
  return (
    <>
      <span class="first-line">
        <strong>{sentence(describeReason(item.reason)?.meaning ?? item.reason)}</strong>
      </span>
      <span class="second-line quiet">
        <span>{item.source}</span>
        <span class="id">{printable(item.event_id ?? '')}</span>
        <time dateTime={item.received_at}>{clock(time, now.value)}</time>
      </span>
    </>
  );
}
