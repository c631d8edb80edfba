/** The most writes of one body that run at the same time. */
const CONCURRENCY = 16;

/**
 * Maps with a bounded number of calls at the same time; the results are in the order of the items.
 * @param start the index of the first call. Large bodies begin at another event in each delivery, so that every event
 * becomes durable after a few retries, even if each retry is delivered to an instance that does not know the body.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => Promise<R> | R,
  start = 0,
): Promise<R[]> {
  const results: R[] = [];
  const entries = [...items.entries()];
  const queue = [...entries.slice(start), ...entries.slice(0, start)].values();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, work));
  return results;
}
