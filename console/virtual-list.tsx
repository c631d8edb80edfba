import './styles/list.css';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { hasModifier } from './keys.ts';

/** The height of a row, in pixels, as the style sheet has it. */
const ROW = 60;

/** How many rows are rendered above and below what is visible. */
const OVERSCAN = 6;

/** A list of which only the visible rows are in the document. */
export interface VirtualListProps<Item> {
  readonly id: string;
  /** The name of the list, for screen readers. */
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly selected: string | undefined;
  readonly onSelect: (key: string) => void;
  /** Called if the user wants to go on in what is selected. */
  readonly onOpen: () => void;
  readonly children: (item: Item) => ComponentChildren;
}

/** How far each key moves the selection; the page keys move by what is visible. */
function stepOf(key: string, page: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    j: 1,
    ArrowUp: -1,
    k: -1,
    PageDown: page,
    PageUp: -page,
    Home: -count,
    End: count,
  };
  return Object.hasOwn(steps, key) ? steps[key] : undefined;
}

/**
 * A listbox of any length, for the pointer and the keyboard. If items are added above what is visible, what is visible
 * stays where it is.
 */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { id, label, items, keyOf, selected, onSelect, onOpen, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [{ top, height }, setVisible] = useState({ top: 0, height: 800 });
  const anchor = useRef<{ readonly key: string; readonly offset: number } | undefined>(undefined);
  const [seen, setSeen] = useState<string>();
  const first = Math.max(0, Math.floor(top / ROW) - OVERSCAN);
  const last = Math.min(items.length, Math.ceil((top + height) / ROW) + OVERSCAN);
  const selectedIndex = selected === undefined ? -1 : items.findIndex((item) => keyOf(item) === selected);

  function measure() {
    const { scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    const item = items[Math.floor(scrollTop / ROW)];
    anchor.current = scrollTop > ROW / 2 && item ? { key: keyOf(item), offset: scrollTop % ROW } : undefined;
    setVisible({ top: scrollTop, height: clientHeight });
    if (!anchor.current && items[0]) setSeen(keyOf(items[0]));
  }

  useLayoutEffect(() => {
    const observer = new ResizeObserver(measure);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  });

  useLayoutEffect(() => {
    const { current: place } = anchor;
    const index = place ? items.findIndex((item) => keyOf(item) === place.key) : -1;
    if (box.current && place && index >= 0) box.current.scrollTop = index * ROW + place.offset;
    measure();
  }, [items]);

  function moveTo(index: number) {
    const item = items[Math.max(0, Math.min(items.length - 1, index))];
    if (!item || !box.current) return;
    const place = items.indexOf(item) * ROW;
    const { scrollTop, clientHeight } = box.current;
    if (place < scrollTop) box.current.scrollTop = place;
    if (place + ROW > scrollTop + clientHeight) box.current.scrollTop = place + ROW - clientHeight;
    onSelect(keyOf(item));
  }

  function act(key: string): boolean {
    if (key === 'Enter' && selectedIndex >= 0) onOpen();
    const step = stepOf(key, Math.max(1, Math.floor(height / ROW) - 1), items.length);
    if (step !== undefined) moveTo(selectedIndex + step);
    return step !== undefined || key === 'Enter';
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!hasModifier(event) && act(event.key)) event.preventDefault();
  }

  function onClick({ target }: MouseEvent) {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-key]') : undefined;
    if (row?.dataset.key === undefined) return;
    onSelect(row.dataset.key);
    onOpen();
  }

  const rows = items.slice(first, last).map((item, offset) => {
    const key = keyOf(item);
    const index = first + offset;
    return (
      <div
        key={key}
        id={`${id}-${index}`}
        class="row"
        role="option"
        tabIndex={-1}
        aria-selected={index === selectedIndex}
        aria-posinset={index + 1}
        aria-setsize={items.length}
        data-key={key}
        style={{ transform: `translateY(${index * ROW}px)` }}
      >
        {children(item)}
      </div>
    );
  });
  const newer = anchor.current ? items.findIndex((item) => keyOf(item) === seen) : 0;
  const isRendered = selectedIndex >= first && selectedIndex < last;
  return (
    <div class="list-frame">
      {newer > 0 && (
        <button type="button" class="newer" onClick={() => box.current?.scrollTo(0, 0)}>
          ↑ {newer.toLocaleString('en')} newer
        </button>
      )}
      <div
        ref={box}
        id={id}
        class="list"
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={isRendered ? `${id}-${selectedIndex}` : undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onScroll={measure}
      >
        <div class="rows" role="presentation" style={{ height: `${items.length * ROW}px` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
