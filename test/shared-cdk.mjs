import { createRequire } from 'node:module';
import runtime from 'jest-runtime';

const Runtime = runtime.default ?? runtime;
const require = createRequire(import.meta.url);

/**
 * The CDK or constructs, which the CDK and its apps have to share: by the path of a file, as an `import` names them, or by
 * the name of a module, as the `require` of another package does.
 */
const CDK_MODULE = /(?:^|\/node_modules\/)(?:aws-cdk-lib|constructs)(?:\/|$)/;

/**
 * Jest's runtime, except that Node.js loads the CDK, once per worker. Jest loads every module again for each test file,
 * which takes more than a second for the CDK.
 */
export default class SharedCdk extends Runtime {
  requireModule(from, path, ...rest) {
    return CDK_MODULE.test(path) ? require(path) : super.requireModule(from, path, ...rest);
  }
}
