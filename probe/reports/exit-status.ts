import { type ProbeReport, SEVERITIES, type Severity } from '../probe-report.ts';

/**
 * The exit status of a probe: 1 if a check of this severity or a graver one failed, or if no check passed or failed,
 * because such a probe proves nothing; else 0.
 * @param failOn the least severity that counts
 */
export function exitStatus({ results }: ProbeReport, failOn: Severity): 0 | 1 {
  const counting = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  const isDecided = results.some(({ verdict }) => verdict === 'passed' || verdict === 'failed');
  const isBroken = results.some(({ verdict, severity }) => verdict === 'failed' && counting.includes(severity));
  return isBroken || !isDecided ? 1 : 0;
}
