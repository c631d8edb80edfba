// Imported ahead of a deployed function, so that a busy machine reaches none of its time limits: its clock is slower, too.
const { setTimeout, performance } = globalThis;
const now = performance.now.bind(performance);
globalThis.setTimeout = ((callback: () => void, milliseconds = 0) =>
  setTimeout(callback, 100 * milliseconds)) as typeof setTimeout;
performance.now = () => now() / 100;
