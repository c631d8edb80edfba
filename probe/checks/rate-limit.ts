import { type Check, inconclusive, passed, remote } from './check.ts';

const BURST = 60;

const rateLimit: Check = {
  id: 'rate-limit',
  title: 'A flood of forged requests is throttled.',
  failedTitle: 'A flood of forged requests is not throttled',
  severity: 'low',
  why: 'Every request costs money: verification, logs, and finally the table. A flood also keeps genuine events out.',
  fix: 'Throttle by source and by address in front of the endpoint, and return 429.',
  requests: BURST,
  needs: [remote],
  async run(prober) {
    const request = prober.sign(prober.event(), { key: prober.sender.generateKey() });
    const send = () => prober.send('one of a burst of forged requests', request, { isQuiet: true });
    const responses = await Promise.all(Array.from({ length: BURST }, send));
    const throttled = responses.filter(({ status }) => status === 429).length;
    if (throttled > 0) return passed(`${throttled} of ${BURST} responses were 429.`);
    const { rate } = prober.settings;
    const speed = rate === undefined ? 'at once' : `at ${rate} per second`;
    return inconclusive(`None of the responses to ${BURST} requests, sent ${speed}, was 429. A limit may be higher.`);
  },
};

export const rateLimitChecks: readonly Check[] = [rateLimit];
