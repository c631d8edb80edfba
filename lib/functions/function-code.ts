import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DIST, type FunctionFiles } from './function-files.ts';

/** The CDK asks for an image, for the case that the files cannot be put together here. */
const NO_IMAGE = DockerImage.fromRegistry('public.ecr.aws/lambda/nodejs');

/** Code of a function that consists of these files. Nothing is compiled. */
export function functionCode(files: FunctionFiles): Code {
  return Code.fromAsset(DIST, {
    assetHash: createHash('sha256')
      .update(JSON.stringify([...files]))
      .digest('hex'),
    assetHashType: AssetHashType.CUSTOM,
    bundling: {
      image: NO_IMAGE,
      local: {
        tryBundle(folder) {
          writeFiles(folder, files);
          return true;
        },
      },
    },
  });
}

/** Writes files into a folder. */
export function writeFiles(folder: string, files: FunctionFiles): void {
  for (const [path, contents] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
}
