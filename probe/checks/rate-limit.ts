import { type Check, inconclusive, passed, remote } from './check.ts';

const BURST = 60;

const rateLimit: Check = {
  id: 'rate-limit',
  title: 'A flood of forged requests is throttled.',
  severity: 'low',
  why: 'Every request costs: verifying, logging, and in the end the table. A flood costs money, and keeps genuine events out.',
  fix: 'Throttle by source and by address before the endpoint, and answer 429.',
  requests: BURST,
  needs: [remote],
  async run(prober) {
    const request = prober.sign(prober.event(), { key: prober.sender.makeUpKey() });
    const send = () => prober.send('one of a burst of forged requests', request, { isQuiet: true });
    const answers = await Promise.all(Array.from({ length: BURST }, send));
    const throttled = answers.filter(({ status }) => status === 429).length;
    if (throttled > 0) return passed(`${throttled} of ${BURST} were answered 429.`);
    const { rate } = prober.settings;
    const speed = rate === undefined ? 'at once' : `at ${rate} a second`;
    return inconclusive(`None of ${BURST}, ${speed}, was answered 429; a limit above that cannot be seen.`);
  },
};

export const rateLimitChecks: readonly Check[] = [rateLimit];
