import { describe, expect, it } from '@jest/globals';
import { checkUrl } from '../../cli/arguments.ts';
import { runCommand } from '../support/command.ts';

describe('a command that takes options only', () => {
  it.each(['start', 'docs', 'cost', 'replay', 'redrive', 'probe', 'bench', 'soak'])(
    'npm run %s refuses an argument, and prints its help',
    async (name) => {
      const { status, stdout, stderr } = await runCommand(name, ['hush'], { PORT: '0', DYNAMODB_PORT: '0' });
      expect({ status, stdout }).toEqual({ status: name === 'probe' ? 2 : 1, stdout: '' });
      expect(stderr).toMatch(/^This command takes options only\.\n\n/);
      expect(stderr).toMatch(name === 'start' ? '  npm start' : `  npm run ${name}`);
    },
  );

  it('does not repeat the argument, which may be a secret', async () => {
    const { stderr } = await runCommand('start', ['whsec_hush'], { PORT: '0', DYNAMODB_PORT: '0' });
    expect(stderr).not.toContain('hush');
  });
});

describe('a URL that a user gives', () => {
  it.each(['http://127.0.0.1:3000', 'https://hooks.example.com/base/'])('may be %s', (url) => {
    expect(checkUrl('--url', url)).toBe(url);
  });

  it.each([
    ['nonsense', '--url "nonsense" is not a URL. Give one such as https://hooks.example.com.'],
    ['localhost:3000', '--url "localhost:3000" is not an http or https URL.'],
    ['', '--url "" is not a URL. Give one such as https://hooks.example.com.'],
    ['https://user:hush@hooks.example.com', '--url must not hold a user name or a password.'],
  ])('is refused if it is "%s"', (url, message) => {
    expect(() => checkUrl('--url', url)).toThrow(new Error(message));
  });
});
