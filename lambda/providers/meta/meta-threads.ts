import * as v from 'valibot';
import { anything, ifValid, name, object, textOrInteger } from '../fields.ts';
import type { MetaEvent } from './meta-event.ts';
import { time } from './meta-fields.ts';

/** The body of an event of Threads. It has no entry. */
export const threadsBody = () =>
  v.pipe(
    object({
      target_id: ifValid(textOrInteger()),
      topic: ifValid(name()),
      time: ifValid(time()),
      values: object({ field: ifValid(name()), value: ifValid(v.object({ timestamp: anything() })) }),
    }),
    v.transform(({ target_id, topic, time, values: { field, value } }): MetaEvent => {
      return {
        isTimed: value?.timestamp != null,
        type: field === undefined ? 'threads' : `threads.${field}`,
        sentAt: time,
        time,
        data: { account: target_id, topic },
      };
    }),
  );
