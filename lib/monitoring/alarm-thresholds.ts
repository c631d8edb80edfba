import { Duration, Token } from 'aws-cdk-lib';

/** Thresholds of alarms. An alarm fires at its threshold and above. Counts are of 5 minutes. */
export interface AlarmThresholds {
  /**
   * Responses of the API with status 5xx: a whole number, at least 1.
   * @default 5
   */
  readonly apiErrors?: number;
  /**
   * 99th percentile of the receiver's duration, in 2 of 3 periods. At most 10 seconds, its timeout.
   * @default Duration.millis(2500), as Slack waits 3 seconds
   */
  readonly receiverSlow?: Duration;
  /**
   * Percentage of the checked signatures that are invalid: above 0, at most 100.
   * @default 50
   */
  readonly signaturesRefused?: number;
  /**
   * Deliveries that were answered 503: a whole number, at least 1.
   * @default 5
   */
  readonly unavailable?: number;
  /**
   * Events with the id of a stored event and another payload: a whole number, at least 1.
   * @default 1
   */
  readonly conflict?: number;
  /**
   * Events, and bodies that cannot be parsed, that were put in quarantine: a whole number, at least 1.
   * @default 1
   */
  readonly quarantined?: number;
  /**
   * Percentage of the deliveries that are invalid: above 0, at most 100.
   * @default 10
   */
  readonly invalid?: number;
  /**
   * How late stored events reach the bus. At most 23 hours, when the forwarder gives up on them.
   * @default Duration.minutes(5)
   */
  readonly forwardingLate?: Duration;
}

/** The default thresholds. */
export const DEFAULT_THRESHOLDS: Required<AlarmThresholds> = {
  apiErrors: 5,
  receiverSlow: Duration.millis(2_500),
  signaturesRefused: 50,
  unavailable: 5,
  conflict: 1,
  quarantined: 1,
  invalid: 10,
  forwardingLate: Duration.minutes(5),
};

const COUNTS = ['apiErrors', 'unavailable', 'conflict', 'quarantined'] as const;
const PERCENTAGES = ['signaturesRefused', 'invalid'] as const;
const LONGEST = { receiverSlow: Duration.seconds(10), forwardingLate: Duration.hours(23) } as const;

/**
 * Validates the thresholds of alarms.
 * @returns what is wrong, or `undefined`
 */
export function validateThresholds(thresholds: AlarmThresholds): string | undefined {
  const known = Object.keys(DEFAULT_THRESHOLDS);
  const unknown = Object.keys(thresholds).find((name) => !known.includes(name));
  if (unknown) return `alarms.thresholds has no "${unknown}". The thresholds are ${known.join(', ')}.`;
  const count = COUNTS.find((name) => !isWithin(thresholds[name], (value) => Number.isInteger(value) && value >= 1));
  if (count) return `alarms.thresholds.${count} must be a whole number, at least 1, not ${thresholds[count]}.`;
  const percentage = PERCENTAGES.find((name) => !isWithin(thresholds[name], (value) => value > 0 && value <= 100));
  if (percentage) {
    return `alarms.thresholds.${percentage} must be a percentage above 0, at most 100, not ${thresholds[percentage]}.`;
  }
  return validateDurations(thresholds);
}

function isWithin(value: number | undefined, isValid: (value: number) => boolean): boolean {
  return value === undefined || Token.isUnresolved(value) || isValid(value);
}

function validateDurations(thresholds: AlarmThresholds): string | undefined {
  for (const [name, longest] of Object.entries(LONGEST)) {
    const milliseconds = thresholds[name as keyof typeof LONGEST]?.toMilliseconds() ?? 1;
    if (milliseconds >= 1 && milliseconds <= longest.toMilliseconds()) continue;
    return `alarms.thresholds.${name} must be a duration up to ${longest.toHumanString()}, not ${milliseconds} ms.`;
  }
  return undefined;
}
