/** Number and length of the rounds that a run measures. */
export interface Rounds {
  /** Cold starts per contestant, each in a fresh process. */
  readonly cold: number;
  /** Warm rounds that are not counted, because code is compiled during them. */
  readonly warmUp: number;
  /** Warm rounds that are counted. */
  readonly warm: number;
  /** Seconds of load per number of connections. */
  readonly loadSeconds: number;
}
