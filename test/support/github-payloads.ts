import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A payload that GitHub has sent. */
export interface GithubPayload {
  readonly event: string;
  readonly payload: { readonly action?: string; readonly repository?: { readonly full_name: string } };
}

/**
 * The payloads that GitHub's users have recorded, of github.com and of GitHub Enterprise Server, in the package
 * `@octokit/webhooks-examples`.
 */
export function githubPayloads(): readonly GithubPayload[] {
  const folder = fileURLToPath(new URL('../', import.meta.resolve('@octokit/webhooks-examples')));
  const releases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return releases.flatMap(({ name }) => {
    const events = JSON.parse(readFileSync(`${folder}${name}/index.json`, 'utf8'));
    return events.flatMap(({ name: event, examples }: { name: string; examples: GithubPayload['payload'][] }) =>
      examples.map((payload) => ({ event, payload })),
    );
  });
}
