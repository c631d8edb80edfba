import { execFileSync } from 'node:child_process';

/** The arguments that a shell passes to `curl`, read by a real shell in which `curl` is a function that lists them. */
function curlArguments(command: string): string[] {
  const script = `curl() { for each; do printf '%s\\0' "$each"; done; }\n${command}\n`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** The request that a `curl` command sends. It knows the options that the local server prints. */
export function curlRequest(command: string) {
  const args = curlArguments(command);
  const valuesOf = (option: string) => args.filter((_, index) => args[index - 1] === option);
  const headers = valuesOf('-H').map((line): [string, string] => {
    const [name = '', ...value] = line.split(': ');
    return [name, value.join(': ')];
  });
  return { url: args.at(-1) ?? '', headers, body: valuesOf('--data-binary')[0] ?? '' };
}
