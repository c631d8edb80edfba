/**
 * Decides whether a URL may be fetched now.
 * @param now epoch milliseconds
 */
export type FetchBudget = (url: string, now: number) => boolean;

/** The number of fetches that are allowed at once after a pause. */
const BURST = 5;
/** The mean time until another fetch is allowed, in milliseconds. */
const MEAN_INTERVAL_MS = 4_000;
/** The number of refused URLs that are remembered. */
const MAX_REFUSED = 1_000;

/**
 * A budget for fetches of URLs that anyone can name: 5 at once, and then one in 4 s on average. URLs that were refused
 * before have a second budget of the same size, so that forged requests, each with a new URL, do not keep out a genuine
 * URL: that is fetched when it is named again, unless 1,000 other URLs were refused in between. Forged requests that
 * repeat their URLs compete with it. Nobody can predict the time of the next fetch, so the chance of each request is the
 * same.
 * @param random from 0 to 1, as `Math.random` returns it
 */
export function fetchBudget(random: () => number): FetchBudget {
  const forNew = allowance(random);
  const forRefused = allowance(random);
  const refused = new Set<string>();
  return (url, now) => {
    const isAllowed = refused.delete(url) ? forRefused(now) : forNew(now);
    if (!isAllowed) refused.add(url);
    const [first] = refused;
    if (refused.size > MAX_REFUSED && first !== undefined) refused.delete(first);
    return isAllowed;
  };
}

/** Takes one fetch, if one is left. */
function allowance(random: () => number): (now: number) => boolean {
  const interval = () => 2 * MEAN_INTERVAL_MS * random();
  let left = BURST;
  let nextAt = 0;
  return (now) => {
    for (; left < BURST && nextAt <= now; nextAt += interval()) left += 1;
    if (left === 0) return false;
    if (left === BURST) nextAt = now + interval();
    left -= 1;
    return true;
  };
}
