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

/** The text that screen readers announce. */
export function Announcement() {
  return (
    <div class="hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}

/** Announces deliveries that are newer than the page, not more than once in a few seconds. */
export function announceDeliveries(): void {
  const opened = Date.now();
  let announced = 0;
  let isCounting = false;
  const tell = () => {
    isCounting = false;
    const fresh = deliveries.value.filter(({ time }) => time >= opened);
    const latest = fresh.at(-1);
    if (latest && fresh.length > announced) {
      const count = counted(fresh.length - announced, 'new delivery', 'new deliveries');
      announce(`${count}. The last one: ${latest.source ?? 'unknown source'}, ${latest.outcome}.`);
    }
    announced = fresh.length;
  };
  effect(() => {
    if (deliveries.value.length === 0 || isCounting) return;
    isCounting = true;
    setTimeout(tell, COUNT_MS);
  });
}
