import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** dynalite loads its actions by a name without an extension, which no bundle finds. */
const BY_NAME = /require\('\.\/(actions|validations)\/' \+ action\)/g;

/** Lets esbuild bundle dynalite. */
export const dynaliteBundle: Plugin = {
  name: 'dynalite',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/dynalite\/index\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replaceAll(BY_NAME, "require('./$1/' + action + '.js')");
      if (contents === text) throw new Error(`${path} does not load its actions as expected.`);
      return { contents };
    });
  },
};
