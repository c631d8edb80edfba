import fc from 'fast-check';

type Path = readonly (string | number)[];

/** Placeholder for a number that only the text of JSON can hold. */
const INFINITY = '<1e999>';

/** Values that no provider sends, and that break a careless reader. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(INFINITY, 1e300, -1e-300, 2 ** 64, -1, 0.1, 0, '', null, true, [], {}, [null], [[]]),
  fc.constantFrom<unknown>('\ud800', '\u0000', '__proto__', '#', ' ', 'x'.repeat(3_000), '9'.repeat(400)),
  fc.constantFrom<unknown>('2026-02-30T25:61:61Z', '+275760-09-13T00:00:00.001Z', '0000-00-00', 8.64e15, 8.64e12 + 1),
  fc.jsonValue(),
);

/** Bodies that resemble a provider's, and bodies that do not. */
export function oddBodies(sample: Buffer): fc.Arbitrary<Buffer> {
  const json = parsed(sample);
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: changedByte(sample) },
    { weight: 6, arbitrary: json === undefined ? changedForm(sample) : changedJson(json) },
  );
}

/** The bytes with one bit flipped. */
export function changedByte(bytes: Buffer): fc.Arbitrary<Buffer> {
  return fc.tuple(fc.nat({ max: bytes.length * 8 - 1 }), fc.constant(bytes)).map(([bit]) => {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return changed;
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

/** JSON with some of its values changed or removed, on one line or on several. */
function changedJson(json: unknown): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.constantFrom(...pathsIn(json)), fc.option(oddValue, { nil: undefined }));
  const changes = fc.array(change, { maxLength: 3 });
  return fc.tuple(changes, fc.constantFrom('', '\t')).map(([each, indent]) => {
    const changed = each.reduce((value, [path, replacement]) => replaced(value, path, replacement), json);
    return Buffer.from((JSON.stringify(changed, null, indent) ?? '').replaceAll(`"${INFINITY}"`, '1e999'));
  });
}

function changedForm(sample: Buffer): fc.Arbitrary<Buffer> {
  const fields = [...new URLSearchParams(String(sample))];
  const change = fc.tuple(fc.nat({ max: fields.length - 1 }), fc.string({ unit: 'grapheme' }));
  return change.map(([at, value]) => {
    const changed = fields.map(([name, old], index): [string, string] => [name, index === at ? value : old]);
    return Buffer.from(String(new URLSearchParams(changed)));
  });
}

function pathsIn(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return [[]];
  const inner = Object.entries(value).flatMap(([key, each]) => pathsIn(each).map((path) => [key, ...path]));
  return [[], ...inner];
}

function replaced(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (typeof value !== 'object' || value === null || !(key in value)) return value;
  const changed = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  changed[key] = replaced(changed[key], rest, replacement);
  return changed;
}
