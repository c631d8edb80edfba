import type { Source } from '../../lambda/receiver/source.ts';
import { type DeployedOutputs, outputOf } from './stack-outputs.ts';

/** Whether a source has a signing secret: it has none if its provider publishes a certificate or keys. */
export const hasSecret = ({ provider: { signature } }: Source) =>
  signature.certificate === undefined && signature.keySetHost === undefined;

/** The name of a source's signing secret in Secrets Manager. */
export function secretNameOf(outputs: DeployedOutputs, source: string): string {
  return `${outputOf(outputs, 'InboxName')}/${source}`;
}
