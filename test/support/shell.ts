import { execFileSync } from 'node:child_process';

/** The arguments that a shell would give to `curl`: the command is read by a shell, and curl stands for what lists them. */
function curlArguments(command: string): string[] {
  const script = `curl() { for each; do printf '%s\\0' "$each"; done; }\n${command}\n`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** What a command of `curl` sends: of its options, those that the local server prints. */
export function curlRequest(command: string) {
  const args = curlArguments(command);
  const valuesOf = (option: string) => args.filter((_, index) => args[index - 1] === option);
  const headers = valuesOf('-H').map((line): [string, string] => {
    const [name = '', ...value] = line.split(': ');
    return [name, value.join(': ')];
  });
  return { url: args.at(-1) ?? '', headers, body: valuesOf('--data-binary')[0] ?? '' };
}
