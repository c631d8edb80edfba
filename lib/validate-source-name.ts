/** Validates the name of a source, which is part of its URL. @returns what is wrong with it, or `undefined` */
export function validateSourceName(name: string): string | undefined {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 40) return undefined;
  return 'its name is part of a URL; use lower-case letters, digits and single hyphens, at most 40 characters.';
}
