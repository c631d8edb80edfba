import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { describedSender } from '../../probe/described-sender.ts';
import { readDescription } from '../../probe/signature-description.ts';

const body = Buffer.from('{"event_id":"evt_1","timestamp":1764000000}');
const events = { body, contentType: 'application/json', idField: 'event_id', timeField: 'timestamp' };
const URL = 'https://example.com/hook';

describe('a sender with a described signature', () => {
  it('signs requests as described', () => {
    const text =
      'header=X-Sig,timestamp=X-Time,format=milliseconds,algorithm=sha512,encoding=base64,content=v0:{timestamp}:{body}';
    const sender = describedSender(text, readDescription(text), events, URL);
    const { headers } = sender.sign(sender.sample(0), 'key', 1_764_000_000_123);
    expect(headers.get('x-time')).toEqual(['1764000000123']);
    const expected = createHmac('sha512', 'key').update(`v0:1764000000123:${body}`).digest('base64');
    expect(headers.get('x-sig')).toEqual([expected]);
  });

  it('is refused with a field that the body does not have', () => {
    const description = readDescription('header=X');
    const sender = () => describedSender('name', description, { ...events, idField: 'data.id' }, URL);
    expect(sender).toThrow('no string or number in the field data.id');
  });
});
