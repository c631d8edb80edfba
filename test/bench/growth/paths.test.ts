import { describe, expect, it } from '@jest/globals';
import { growthReceiver } from '../../../bench/growth/growth-receiver.ts';
import { pathsOf } from '../../../bench/growth/paths.ts';
import { everySource } from '../../../cli/local/every-source.ts';

const sources = everySource({}, 'https://hooks.example.com');

/** The paths of a source, and the status of a small request of each. */
async function statusesOf(name: string) {
  const source = [...sources.values()].find((each) => each.name === name);
  if (!source) throw new Error(`There is no source ${name}.`);
  const keys = source.provider.signature.generateKeys();
  const forgersKey = source.provider.signature.generateKeys().signing;
  const receive = growthReceiver(sources, () => keys);
  const statuses: { readonly signer: string; readonly name: string; readonly status: number }[] = [];
  for (const { signer, name: path, build } of pathsOf({ source, keys, forgersKey })) {
    const { statusCode: status } = await receive(build(900));
    statuses.push({ signer, name: path, status });
  }
  return statuses;
}

describe.each([...sources.keys()])('The growth check of %s', (name) => {
  it('measures the work before the signature with requests that are rejected, and the work after it with others', async () => {
    const all = await statusesOf(name);
    const forged = all.filter(({ signer, name: path }) => signer === 'forger' && !path.startsWith('handshake'));
    // A forger's key may be a new one of the provider, as long as nobody has asked its host.
    const refusals = [400, 401, 415, ...(sources.get(name)?.provider.signature.keySetHost ? [503] : [])];
    expect(forged.filter(({ status }) => !refusals.includes(status))).toEqual([]);
    const genuine = all.filter(({ signer }) => signer === 'provider');
    expect(genuine.filter(({ status }) => status >= 500)).toEqual([]);
    const verified = genuine.filter(({ name: path }) => /^(body: an? |form: a |many events)/.test(path));
    expect(verified.length).toBeGreaterThan(5);
    expect(verified.filter(({ status }) => status === 401)).toEqual([]);
  });
});
