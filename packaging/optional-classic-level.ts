import { createRequire } from 'node:module';
import { UsageError } from '../cli/arguments.ts';

/**
 * Replaces `ClassicLevel` in the bundle of the command, which cannot contain its native code. Only a `DATA_DIR` needs it.
 * @throws {UsageError} unless the package is installed beside this one
 */
export function ClassicLevel(...options: readonly unknown[]): object {
  return Reflect.construct(load().ClassicLevel, options);
}

function load() {
  try {
    return createRequire(import.meta.url)('classic-level');
  } catch (error) {
    throw new UsageError('DATA_DIR needs the package classic-level: npm install --save-dev classic-level', {
      cause: error,
    });
  }
}
