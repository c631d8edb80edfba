import type { AwsAnswer, AwsCall, AwsService } from './aws-transport.ts';

/** A version of a secret. */
interface Version {
  readonly id: string;
  readonly value: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Secrets Manager with one secret per source. */
export interface SimulatedSecretsManager extends AwsService {
  /** Creates a version, which no reader of the current one sees yet. @returns its id */
  readonly stage: (source: string, value: string) => string;
  /** Makes a version the current one, and the current one the previous one. */
  readonly promote: (source: string, id: string) => void;
}

/** Makes a Secrets Manager without secrets. @param now epoch milliseconds */
export function simulatedSecretsManager(now: () => number): SimulatedSecretsManager {
  const versions = new Map<string, Version>();
  const stages = new Map<string, Version>();

  function read({ SecretId, VersionStage }: AwsCall['input']): AwsAnswer {
    const version = stages.get(`${SecretId} ${VersionStage}`);
    if (!version) return { __type: 'ResourceNotFoundException', message: 'no such version' };
    return { SecretString: version.value, VersionId: version.id, CreatedDate: version.createdAt / 1000 };
  }

  return {
    name: 'secrets',
    answer({ operation, input }) {
      return operation === 'GetSecretValue' ? read(input) : { __type: 'AccessDeniedException', message: operation };
    },
    stage(source, value) {
      const id = `${source}-${versions.size + 1}`.padEnd(32, '-');
      versions.set(id, { id, value, createdAt: now() });
      return id;
    },
    promote(source, id) {
      const current = stages.get(`${source} AWSCURRENT`);
      const next = versions.get(id);
      if (current) stages.set(`${source} AWSPREVIOUS`, current);
      if (next) stages.set(`${source} AWSCURRENT`, next);
    },
  };
}
