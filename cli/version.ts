import manifest from '../package.json' with { type: 'json' };

/** The version of this package. A bundle has it inside, wherever its file is. */
export const VERSION: string = manifest.version;
