import type { Source } from '../../lambda/receiver/source.ts';

/** Whether a source has a signing secret: it has none if its provider publishes a certificate or keys. */
export const hasSecret = ({ provider: { signature } }: Source) =>
  signature.certificate === undefined && signature.keySetHost === undefined;
