import { Token } from 'aws-cdk-lib';
import type { SourceConfig, SourceConfigs, SourceValues } from '../lambda/receiver/config.ts';
import { secretAddressOf } from './existing-secret.ts';
import { definitionOf, hasOwnResource, isCustomSource, type SourceProps, type SourcesProps } from './sources.ts';

/** The sources as the receiver gets them. */
export interface DeployedSources {
  /** The options that are known at synthesis, for the file of the sources. */
  readonly configs: SourceConfigs;
  /** The options that are tokens, for the function's environment; `undefined` without any. */
  readonly values: Readonly<Record<string, SourceValues>> | undefined;
}

/** Splits the options of the sources that the receiver needs. Alarms and the API use the others. */
export function deployedSources(sources: SourcesProps<string>): DeployedSources {
  const entries = Object.entries(sources);
  const values = entries.flatMap(([name, source]) => {
    const each = valuesOf(source);
    return Object.keys(each).length > 0 ? [[name, each] as const] : [];
  });
  return {
    configs: Object.fromEntries(entries.map(([name, source]) => [name, configOf(source)])),
    values: values.length > 0 ? Object.fromEntries(values) : undefined,
  };
}

function configOf(source: SourceProps<string>): SourceConfig {
  const { provider, maxBodyBytes, onInvalid, retention, publicUrl, settings = {}, secret } = source;
  const address = secret && secretAddressOf(secret);
  const known = Object.entries<string>(settings).filter(([, value]) => !Token.isUnresolved(value));
  return {
    provider,
    ...(isCustomSource(source) && definitionOf(source)),
    ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    ...(onInvalid && { onInvalid }),
    ...(retention && { retentionSeconds: retention.toSeconds() }),
    ...(publicUrl && !Token.isUnresolved(publicUrl) && { publicUrl }),
    ...(known.length > 0 && { settings: Object.fromEntries(known) }),
    ...(address && !isUnknown(address) && address),
    ...(hasOwnResource(source) && { hasOwnResource: true }),
  };
}

function valuesOf({ publicUrl, settings = {}, secret }: SourceProps<string>): SourceValues {
  const address = secret && secretAddressOf(secret);
  const unknown = Object.entries<string>(settings).filter(([, value]) => Token.isUnresolved(value));
  return {
    ...(publicUrl && Token.isUnresolved(publicUrl) && { publicUrl }),
    ...(unknown.length > 0 && { settings: Object.fromEntries(unknown) }),
    ...(address && isUnknown(address) && address),
  };
}

const isUnknown = (address: Readonly<Record<string, string>>) => Object.values(address).some(Token.isUnresolved);
