import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { warningsOf } from '../lambda/providers/index.ts';
import { definitionOf, isCustomSource, type SourcesProps } from './sources.ts';

/**
 * Warns of weak choices in the definitions of custom sources. The id of a warning, to acknowledge it, ends with the name of
 * the source and the path of the choice, such as `webhook-inbox:custom:partner:signature.timestamp`.
 */
export function warnOfWeakSources(scope: Construct, sources: SourcesProps<string>): void {
  for (const [name, source] of Object.entries(sources)) {
    if (!isCustomSource(source)) continue;
    for (const warning of warningsOf(definitionOf(source))) {
      const [path] = warning.split(':');
      Annotations.of(scope).addWarningV2(`webhook-inbox:custom:${name}:${path}`, `Source "${name}": ${warning}`);
    }
  }
}
