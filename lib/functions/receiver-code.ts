import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage, FileSystem } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { SourceConfigs } from '../../lambda/receiver/config.ts';
import { BUNDLES } from './node-function.ts';

/** The receiver as `npm run build` makes it, with all providers. */
const RECEIVER = join(BUNDLES, 'receiver');

/**
 * Code of the receiver: its bundle, the providers of its sources and no others, and the sources. No file is compiled.
 * @param sources the options of the sources that are known at synthesis
 */
export function receiverCode(sources: SourceConfigs): Code {
  const fingerprint = FileSystem.fingerprint(RECEIVER);
  const digest = createHash('sha256').update(fingerprint).update(JSON.stringify(sources)).digest('hex');
  return Code.fromAsset(RECEIVER, {
    assetHash: digest,
    assetHashType: AssetHashType.CUSTOM,
    bundling: {
      image: NO_IMAGE,
      local: {
        tryBundle(folder) {
          writeReceiver(folder, sources);
          return true;
        },
      },
    },
  });
}

/** The CDK asks for an image, for the case that the files cannot be put together here. */
const NO_IMAGE = DockerImage.fromRegistry('public.ecr.aws/lambda/nodejs');

/** Writes the code of the receiver for these sources into a folder. */
export function writeReceiver(folder: string, sources: SourceConfigs): void {
  for (const file of filesOf(sources)) copy(join(RECEIVER, file), join(folder, file));
  writeFileSync(join(folder, 'sources.json'), JSON.stringify(sources));
}

function filesOf(sources: SourceConfigs): readonly string[] {
  const providers = new Set(Object.values(sources).map(({ provider }) => provider));
  return ['index.mjs', 'providers/shared.mjs', ...[...providers].map((name) => `providers/${name}.mjs`)];
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
