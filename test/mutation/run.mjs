import { StrykerCli } from '@stryker-mutator/core';

// `npm run test:mutation` passes its arguments on.
new StrykerCli([...process.argv.slice(0, 2), 'run', 'test/mutation/stryker.json', ...process.argv.slice(2)]).run();
