import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { isProviderName } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import { bundleFile } from './bundle-file.ts';
import { checkSample } from './check-sample.ts';
import type { ProviderCode } from './verify-in-worker.ts';

/** A provider of one's own, in code. */
export interface OwnProviderProps {
  /**
   * Path of the file that defines the provider, relative to the folder in which the app runs, such as
   * `webhooks/acme.ts`. It exports `provider`, or has a default export, which is what `defineProvider` of `webhook-inbox/provider` returns, or a
   * function that returns it. esbuild bundles it with the receiver, so it must be in the app's devDependencies.
   */
  readonly entry: string;
}

/** A provider of one's own, ready for the construct and for the commands. */
export interface OwnProvider {
  readonly build: () => Provider;
  /** The ECMAScript module for the function: it exports `provider`. */
  readonly bundle: string;
  /** Whether the signature verified the sample. It is not tried if the sender publishes its keys. */
  readonly isTried: boolean;
}

/**
 * Bundles and loads a provider of one's own, and tries it with its sample.
 * @param path of the provider in the props, such as `providers.acme`, for messages
 * @throws {Error} if it cannot be bundled, is no provider, or does not verify its sample; the message says how to fix it
 */
export function loadOwnProvider(path: string, { entry }: OwnProviderProps): OwnProvider {
  const file = resolve(entry);
  if (!existsSync(file)) throw new Error(`${path}.entry: there is no file ${entry} in ${process.cwd()}.`);
  const code = bundleFile(path, file, { format: 'cjs', target: 'node20', entryPoints: [file] });
  const build = providerIn(path, { file, code });
  const isTried = checkSample(path, build(), { file, code });
  const stdin = { contents: MODULE, resolveDir: dirname(file), loader: 'js' };
  const bundle = bundleFile(path, file, { format: 'esm', target: 'node24', stdin, alias: { 'own-provider': file } });
  return { build, bundle, isTried };
}

/** Exports the provider as those of the registry are. */
const MODULE = `
import * as file from 'own-provider';
const own = file.provider ?? file.default;
export const provider = typeof own === 'function' ? own : () => own;
`;

/**
 * Validates the name of a provider of one's own.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateOwnName(name: string): string | undefined {
  if (isProviderName(name) || name === 'custom')
    return `there is a provider "${name}" already; give yours another name.`;
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 40) return undefined;
  return `"${name}" is no name of a provider; use lower-case letters, digits and single hyphens, at most 40 characters.`;
}

function providerIn(path: string, { file, code }: ProviderCode): () => Provider {
  const exported = exportIn(path, file, code);
  const build = typeof exported === 'function' ? () => exported() : () => exported;
  if (isProvider(build())) return build as () => Provider;
  throw new Error(`${path}.entry: ${file} exports no provider; write export const provider = defineProvider({ … }).`);
}

function exportIn(path: string, file: string, code: string): unknown {
  const module: { exports: { provider?: unknown; default?: unknown } } = { exports: {} };
  try {
    const load = compileFunction(code, ['module', 'exports', 'require'], { filename: file });
    load(module, module.exports, createRequire(file));
    return module.exports.provider ?? module.exports.default;
  } catch (error) {
    throw new Error(`${path}.entry: ${file} fails when it is loaded: ${(error as Error).message}`, { cause: error });
  }
}

function isProvider(value: unknown): value is Provider {
  const { read, readEvent, signature } = (value ?? {}) as Partial<Provider>;
  const functions = [read, readEvent, signature?.verify, signature?.sign, signature?.generateKeys];
  return functions.every((each) => typeof each === 'function');
}
