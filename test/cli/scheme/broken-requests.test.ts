import { describe, expect, it } from '@jest/globals';
import { BROKEN_REQUESTS } from './broken-requests.ts';
import { diagnosisOf, printed } from './captured-samples.ts';

describe('scheme, with broken requests', () => {
  it.each(BROKEN_REQUESTS)('$provider: $kind', async ({ make, cause, detail }) => {
    const { bytes, secret, options } = make();
    const diagnosis = await diagnosisOf(bytes, secret, options);
    const [first] = diagnosis.causes;
    expect(diagnosis.causes.map(({ name }) => name)[0]).toBe(cause);
    if (detail) expect(first?.detail).toMatch(detail);
    if (secret !== '') expect(printed(diagnosis)).not.toContain(secret);
  });
});
