import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { MutantRunStatus } from '@stryker-mutator/api/test-runner';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

export { strykerValidationSchema } from '@stryker-mutator/jest-runner';

/** Which file each test is in, and how long that takes; written by the dry run for all workers, in the sandbox. */
const TESTS = 'tests-of-dry-run.json';

/**
 * Stryker's runner for Jest, which gives Jest only the files that hold tests covering the mutant: the one named like
 * what is mutated first, then the shortest, until a test fails. Without that, every mutant would load every test file.
 */
function runOnlyCoveringFiles(injector) {
  const runner = injector.injectFunction(jestPlugins[0].factory);
  const dryRun = runner.dryRun.bind(runner);
  const mutantRun = runner.mutantRun.bind(runner);
  const run = runner.run.bind(runner);
  runner.dryRun = async (options) => {
    const result = await dryRun(options);
    writeFileSync(TESTS, JSON.stringify(result.tests ?? []));
    return result;
  };
  runner.mutantRun = async (options) => {
    let result;
    for (const testFile of filesOf(options)) {
      runner.run = (settings) => run({ ...settings, testFiles: [testFile] });
      result = await mutantRun(options);
      if (result.status !== MutantRunStatus.Survived) return result;
    }
    return result;
  };
  return runner;
}
runOnlyCoveringFiles.inject = ['$injector'];

function filesOf({ testFilter, sandboxFileName }) {
  const covering = testFilter && new Set(testFilter);
  const spent = new Map();
  for (const { id, fileName, timeSpentMs } of JSON.parse(readFileSync(TESTS, 'utf8'))) {
    if (!covering || covering.has(id)) spent.set(fileName, (spent.get(fileName) ?? 0) + timeSpentMs);
  }
  const mirrored = basename(sandboxFileName, '.ts');
  const cost = ([fileName, milliseconds]) => (basename(fileName, '.test.ts') === mirrored ? -1 : milliseconds);
  return [...spent].sort((one, other) => cost(one) - cost(other)).map(([fileName]) => fileName);
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'covering-files', runOnlyCoveringFiles)];
