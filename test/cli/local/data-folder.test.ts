import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../cli/arguments.ts';
import { prepareDataFolder } from '../../../cli/local/data-folder.ts';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function errorFor(dataDir: string): Promise<Error> {
  const error = await prepareDataFolder(dataDir).catch((each) => each);
  expect(error).toBeInstanceOf(UsageError);
  return error;
}

describe('DATA_DIR', () => {
  it('is created with the folders above it, and can be prepared again', async () => {
    const below = join(folder, 'not', 'yet');
    await prepareDataFolder(below);
    expect(statSync(below).isDirectory()).toBe(true);
    await prepareDataFolder(below);
  });

  it('is refused if it is a file, or below one', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect((await errorFor(file)).message).toBe(`DATA_DIR ${file} is not a folder.`);
    expect((await errorFor(join(file, 'below'))).message).toMatch(/cannot be used: not a directory\.$/);
  });

  it('is refused while another instance uses it, and accepted afterwards', async () => {
    const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: 'events', dataDir: folder });
    expect((await errorFor(folder)).message).toBe(`DATA_DIR ${folder} is in use by another npm start.`);
    await dynamodb.stop();
    await prepareDataFolder(folder);
  });

  it.each(['/proc/nope', '/proc'])(
    'is refused, and does not hang, if the file system refuses it, as %s',
    async (path) => {
      expect((await errorFor(path)).message).toMatch(/^DATA_DIR \/proc\S* cannot be used: .+\.$/);
    },
  );
});
