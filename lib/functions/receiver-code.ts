import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage, FileSystem } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { SourceConfigs } from '../../lambda/receiver/config.ts';
import type { InboxProviders } from '../providers/inbox-providers.ts';
import { BUNDLES } from './node-function.ts';

/** The receiver as `npm run build` makes it, with all providers. */
const RECEIVER = join(BUNDLES, 'receiver');

/**
 * Code of the receiver: its bundle, the providers of its sources and no others, and the sources. No file is compiled.
 * @param sources the options of the sources that are known at synthesis
 * @param providers of the inbox
 */
export function receiverCode(sources: SourceConfigs, { bundles }: InboxProviders): Code {
  const fingerprint = FileSystem.fingerprint(RECEIVER);
  const digest = createHash('sha256')
    .update(fingerprint)
    .update(JSON.stringify([sources, ...bundles]))
    .digest('hex');
  return Code.fromAsset(RECEIVER, {
    assetHash: digest,
    assetHashType: AssetHashType.CUSTOM,
    bundling: {
      image: NO_IMAGE,
      local: {
        tryBundle(folder) {
          writeReceiver(folder, sources, bundles);
          return true;
        },
      },
    },
  });
}

/** The CDK asks for an image, for the case that the files cannot be put together here. */
const NO_IMAGE = DockerImage.fromRegistry('public.ecr.aws/lambda/nodejs');

/** Writes the code of the receiver for these sources into a folder. @param own modules of own providers, by name */
export function writeReceiver(
  folder: string,
  sources: SourceConfigs,
  own: InboxProviders['bundles'] = new Map(),
): void {
  for (const file of ['index.mjs', 'providers/shared.mjs']) copy(join(RECEIVER, file), join(folder, file));
  for (const name of new Set(Object.values(sources).map(({ provider }) => provider))) {
    const file = `providers/${name}.mjs`;
    const bundle = own.get(name);
    if (bundle === undefined) copy(join(RECEIVER, file), join(folder, file));
    else writeFileSync(join(folder, file), bundle);
  }
  writeFileSync(join(folder, 'sources.json'), JSON.stringify(sources));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
