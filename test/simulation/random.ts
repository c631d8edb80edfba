/** Random choices that follow from a seed alone. */
export interface Random {
  /** At least 0, less than 1. */
  readonly next: () => number;
  /** A whole number from `least` to `most`, both included. */
  readonly integer: (least: number, most: number) => number;
  /** A number from `least` to `most`. */
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  /** @throws {Error} if the list is empty */
  readonly pick: <T>(items: readonly T[]) => T;
  /** So many items of the list in random order; all of them if the list is shorter. */
  readonly sample: <T>(items: readonly T[], count: number) => T[];
  /** Choices of their own: what is drawn here changes nothing there. */
  readonly fork: (label: string) => Random;
}

/**
 * Generates random choices with the generator mulberry32.
 * @see https://github.com/cprosche/mulberry32
 */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));

  function pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('There is nothing to pick from.');
    return items[integer(0, items.length - 1)] as T;
  }

  function sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items];
    return Array.from({ length: Math.min(count, rest.length) }, () => {
      return rest.splice(integer(0, rest.length - 1), 1)[0] as T;
    });
  }

  return {
    next,
    integer,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => next() < probability,
    pick,
    sample,
    fork: (label) => randomOf(hashOf(seed, label)),
  };
}

/** FNV-1a over the label, begun with the seed. */
function hashOf(seed: number, label: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (const character of `${seed}/${label}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
