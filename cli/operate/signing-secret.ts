import type { Source } from '../../lambda/receiver/source.ts';

/** Whether a source has a signing secret: it has none if its provider signs with a certificate. */
export const hasSecret = ({ provider }: Source) => provider.signature.certificate === undefined;
