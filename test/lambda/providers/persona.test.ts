import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { headerOf, sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const HEADER = 'persona-signature';
const open = () => providerInbox({ provider: 'persona', keys: sharedKeys('the-secret') });
const { sample } = readVector('persona');

/** The fields that Persona sends for each of its secrets while one is rotated. */
function rotating() {
  const inbox = open();
  const signed = inbox.sign(sample);
  const ours = headerOf(signed, HEADER);
  const theirs = headerOf(inbox.sign(sample, 'another-secret'), HEADER);
  const deliver = (header: string) => statusOf(inbox.deliver(withHeaders(signed, { [HEADER]: header })));
  return { ours, theirs, deliver };
}

describe('A Persona source', () => {
  it('accepts a header with the signatures of two secrets, in either order', async () => {
    const { ours, theirs, deliver } = rotating();
    expect(await deliver(`${ours} ${theirs}`)).toBe(200);
    expect(await deliver(`${theirs} ${ours}`)).toBe(200);
    expect(await deliver(`${theirs} ${theirs}`)).toBe(401);
  });

  it('rejects signatures with different times, of which only one is signed', async () => {
    const { ours, theirs, deliver } = rotating();
    expect(await deliver(`${ours} ${theirs.replace(/\d(?=,)/, (digit) => String((Number(digit) + 1) % 10))}`)).toBe(
      401,
    );
  });

  it('rejects a set of fields without a time', async () => {
    const { ours, deliver } = rotating();
    expect(await deliver(`${ours} v1=${'0'.repeat(64)}`)).toBe(401);
  });
});
