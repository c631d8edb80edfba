import { effect, signal } from '@preact/signals';
import { deliveries } from './deliveries.ts';
import { counted } from './format.ts';

const text = signal('');

/** How long new deliveries are counted before they are announced, in milliseconds. */
const COUNT_MS = 3_000;

/** Tells screen readers about something that changed elsewhere on the page. */
export function announce(message: string): void {
  text.value = message;
}

/** What screen readers are told. */
export function Announcement() {
  return (
    <div class="hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}

/** Announces new deliveries, not more than once in a few seconds, and not those that the page began with. */
export function announceDeliveries(): void {
  let announced: number | undefined;
  let isCounting = false;
  const tell = () => {
    isCounting = false;
    const { length } = deliveries.value;
    const latest = deliveries.value.at(-1);
    if (announced !== undefined && latest && length > announced) {
      const count = counted(length - announced, 'new delivery', 'new deliveries');
      announce(`${count}. The last one: ${latest.source ?? 'unknown source'}, ${latest.outcome}.`);
    }
    announced = length;
  };
  effect(() => {
    if (deliveries.value.length === 0 || isCounting) return;
    isCounting = true;
    setTimeout(tell, COUNT_MS);
  });
}
