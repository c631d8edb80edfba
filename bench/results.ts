import { cpus } from 'node:os';
import type { Bundle } from './bundle.ts';
import type { ContestantName } from './contestants.ts';
import type { PayloadUnits, Usage } from './count-units.ts';
import type { ColdStart } from './function-process.ts';
import type { Load } from './load.ts';
import type { WarmRounds } from './measure.ts';
import type { Profile } from './profile.ts';
import type { Rounds } from './rounds.ts';

/** Machine and command of a run. */
export interface Setting {
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  readonly command: string;
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly rounds: Rounds;
}

/** Measurements of one run. */
export interface Results {
  readonly setting: Setting;
  readonly bundles: ReadonlyMap<ContestantName, Bundle>;
  readonly cold: ReadonlyMap<ContestantName, readonly ColdStart[]>;
  readonly warm: WarmRounds;
  readonly usage: ReadonlyMap<ContestantName, Usage>;
  readonly payloads: readonly PayloadUnits[];
  readonly load: readonly Load[];
  readonly profiles: ReadonlyMap<ContestantName, Profile>;
}

/** The setting of a run that starts now on this machine. */
export function setting(command: string, rounds: Rounds): Setting {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    command,
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    rounds,
  };
}
