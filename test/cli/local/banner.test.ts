import { describe, expect, it } from '@jest/globals';
import { type BannerOptions, banner } from '../../../cli/local/banner.ts';
import { everySource } from '../../../cli/local/every-source.ts';
import { generatedKeys } from '../../../cli/local/local-keys.ts';

const URL_OF_FRONT = 'http://127.0.0.1:3000';

function bannerWith(changes: Partial<BannerOptions> = {}, baseUrl = URL_OF_FRONT): string {
  const { environment = {} } = changes;
  return banner({
    url: URL_OF_FRONT,
    sources: everySource(environment, baseUrl),
    dynamodb: {
      endpoint: 'http://127.0.0.1:8000',
      tableName: 'webhook-events',
      quarantineTableName: 'webhook-quarantine',
    },
    environment,
    showsSecrets: false,
    consoleUrl: () => `${URL_OF_FRONT}/?token=abc`,
    ...changes,
  });
}

/** The lines of the sources. */
const rowsOf = (text: string) => text.split('\n').filter((line) => /^ +(\w+ )?POST http/.test(line));
const rowOf = (text: string, source: string) => rowsOf(text).find((line) => line.includes(`/webhooks/${source} `));
const secretOf = (source: string) => {
  const found = everySource({}, URL_OF_FRONT).get(source);
  if (!found) throw new Error(source);
  return generatedKeys(found).verification;
};

describe('the banner of npm start', () => {
  it('has one aligned row per source, generic first', () => {
    const rows = rowsOf(bannerWith());
    expect(rows).toHaveLength(everySource({}, URL_OF_FRONT).size);
    expect(rows[0]).toContain('/webhooks/generic ');
    expect(new Set(rows.map((row) => row.indexOf('http'))).size).toBe(1);
    expect(new Set(rows.map((row) => row.search(/secret: |signed with/))).size).toBe(1);
  });

  it('shortens secrets, and names the file and the option that have them in full', () => {
    const text = bannerWith();
    const secret = secretOf('stripe');
    expect(rowOf(text, 'stripe')).toMatch(`secret: ${secret.slice(0, 12)}…`);
    expect(text).not.toContain(secret);
    expect(text).toContain('Generated secrets are saved in .webhook-inbox/keys.json.');
    expect(text).toContain('npm start -- --show-secrets prints them in full.');
  });

  it('prints secrets in full with --show-secrets', () => {
    const text = bannerWith({ showsSecrets: true });
    for (const source of ['generic', 'stripe', 'sendgrid'])
      expect(rowOf(text, source)).toMatch(`secret: ${secretOf(source)}`);
    expect(text).toContain('Generated secrets are saved in .webhook-inbox/keys.json.');
    expect(text).not.toContain('--show-secrets');
  });

  it.each([true, false])('names the file of a key in several lines, which would break the rows: %s', (showsSecrets) => {
    const text = bannerWith({ showsSecrets });
    expect(rowOf(text, 'app-store')).toMatch(/secret: the key in \.webhook-inbox\/keys\.json$/);
    expect(text).not.toContain('BEGIN CERTIFICATE');
  });

  it('names the variable of a secret from the environment, and never prints it', () => {
    const environment = { WEBHOOK_SECRET_STRIPE: 'hush', WEBHOOK_VERIFY_TOKEN_META: 'of-my-choice' };
    const text = bannerWith({ environment, showsSecrets: true });
    expect(rowOf(text, 'stripe')).toMatch(/secret: from WEBHOOK_SECRET_STRIPE$/);
    expect(rowOf(text, 'meta')).toMatch(/verify token: of-my-choice$/);
    expect(text).not.toContain('hush');
  });

  it('shows PUBLIC_URL in the rows, and the local port too', () => {
    const environment = { PUBLIC_URL: 'https://hooks.example.com' };
    const text = bannerWith({ environment }, environment.PUBLIC_URL);
    expect(rowOf(text, 'square')).toContain('POST https://hooks.example.com/webhooks/square ');
    expect(text).toMatch(/^webhook-inbox is ready at http:\/\/127\.0\.0\.1:3000\. /);
    expect(text).toContain('requests to it must be forwarded to http://127.0.0.1:3000');
    expect(text).toContain("'http://127.0.0.1:3000/webhooks/generic'\n");
  });

  it('names the table of the quarantine, and the command that lists it, with DYNAMODB_PORT if it is not 8000', () => {
    expect(bannerWith()).toMatch(
      /^Verified deliveries that are invalid are kept there in the table webhook-quarantine$/m,
    );
    expect(bannerWith()).toContain('\n  npm run quarantine -- list --local\n');
    const dynamodb = { endpoint: 'http://127.0.0.1:4001', tableName: 'events', quarantineTableName: 'quarantine' };
    expect(bannerWith({ dynamodb })).toContain('\n  DYNAMODB_PORT=4001 npm run quarantine -- list --local\n');
  });

  it('lists commands to try next, with PORT if it is not 3000', () => {
    expect(bannerWith()).toContain('\n  npm run send -- generic --new\n');
    const text = bannerWith({ url: 'http://127.0.0.1:4000' });
    expect(text).toContain('\n  PORT=4000 npm run send -- generic --new\n');
    expect(text).toContain('aws dynamodb scan --table-name webhook-events --endpoint-url http://127.0.0.1:8000\n');
  });
});
