import { describe, expect, it } from '@jest/globals';
import type { SourceConfigs } from '../../../lambda/receiver/config.ts';
import { type AwsAnswer, type AwsCall, NO_CREDENTIALS, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { runCommand } from '../../support/command.ts';
import { startReceiver } from '../../support/receiver-services.ts';

const SECRET = 'whsec_never-to-be-shown';
const SOURCES: SourceConfigs = {
  'stripe-eu': { provider: 'stripe' },
  partner: { provider: 'generic' },
  team: { provider: 'generic', secretId: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:team/x-a1B2c3' },
  stored: { provider: 'generic', parameterName: '/team/stored' },
  topics: { provider: 'sns', settings: { topicArn: 'arn:aws:sns:eu-west-1:111122223333:topics' } },
};
const stack = ['--stack', 'Hooks'];

interface SecretsOptions {
  readonly GetSecretValue?: (input: AwsCall['input']) => AwsAnswer;
  readonly PutSecretValue?: () => AwsAnswer;
  readonly GetParameterHistory?: (input: AwsCall['input']) => AwsAnswer;
  readonly PutParameter?: () => AwsAnswer;
  /** The stack's inboxes. @default - one inbox */
  readonly inboxes?: readonly string[];
  /** Whether the receiver's configuration may be read. @default true */
  readonly isReceiverReadable?: boolean;
}

async function startSecrets(options: SecretsOptions = {}) {
  const { inboxes = ['Hooks/Inbox'], isReceiverReadable = true, ...answers } = options;
  const receiver = await startReceiver(isReceiverReadable);
  const outputs = inboxes.map((InboxName) => ({ InboxName, ReceiverName: 'Receiver' }));
  const secrets = {
    GetSecretValue: () => ({ SecretString: 'the one before' }),
    PutSecretValue: () => ({ VersionStages: ['AWSCURRENT'] }),
  };
  const aws = await startAwsEndpoint(outputs, { ...secrets, ...answers }, SOURCES);
  return {
    environment: { ...aws.environment, ...receiver.environment },
    calls: aws.calls,
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

const error = (type: string, message = type) => ({ __type: type, message });

/** Whatever happens, it is not shown. */
async function runSecret(args: readonly string[], environment: NodeJS.ProcessEnv, input = '') {
  const ended = await runCommand('secret', args, environment, input);
  expect(ended.stdout + ended.stderr).not.toContain(SECRET);
  expect(ended.stderr).not.toContain('    at ');
  return ended;
}

describe('npm run secret', () => {
  it.each([
    ['partner', 'Hooks/Inbox/partner'],
    ['stripe-eu', 'Hooks/Inbox/stripe-eu'],
    ['team', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:team/x-a1B2c3'],
  ])('puts the secret from standard input for %s, trimmed, and prints the next steps', async (source, secretName) => {
    await using aws = await startSecrets();
    const { status, stdout, stderr } = await runSecret([source, ...stack], aws.environment, `\n  ${SECRET} \n`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const puts = aws.calls.filter(({ operation }) => operation === 'PutSecretValue');
    expect(puts.map(({ input }) => input)).toEqual([
      { SecretId: secretName, SecretString: SECRET, ClientRequestToken: expect.any(String) },
    ]);
    expect(stdout).toMatch(`${secretName} has a new secret`);
    expect(stdout).toMatch(/previous one stays valid for the inbox's grace period/);
    expect(stdout).toMatch(`PreviousSecretUsed (namespace WebhookInbox, source ${source})`);
  });

  it('puts a key of several lines unchanged', async () => {
    await using aws = await startSecrets();
    const key = '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----';
    await runSecret(['partner', ...stack], aws.environment, `${key}\n`);
    expect(aws.calls.at(-1)?.input).toMatchObject({ SecretString: key });
  });

  it('does not put the current secret again, which would end the previous one', async () => {
    await using aws = await startSecrets({ GetSecretValue: () => ({ SecretString: `${SECRET}\n` }) });
    const { status, stdout } = await runSecret(['partner', ...stack], aws.environment, SECRET);
    expect(status).toBe(0);
    expect(stdout).toBe('Hooks/Inbox/partner already holds this secret. Nothing was changed.\n');
    expect(aws.calls.map(({ operation }) => operation)).toEqual(['GetSecretValue']);
  });

  it.each([
    [
      'the former secret too, if it is behind the key of a killed command',
      'handshake-key:MII',
      'the one before',
      ['the one before', SECRET],
    ],
    ['the new secret alone, if a key is behind another', 'handshake-key:MII', 'handshake-key:MIJ', [SECRET]],
    ['the new secret alone, if the source had a random value', 'handshake-key:first:MII', 'random', [SECRET]],
  ])('stores %s', async (_, current, previous, stored) => {
    const versions = ({ VersionStage }: AwsCall['input']) => ({
      SecretString: VersionStage === 'AWSPREVIOUS' ? previous : current,
    });
    await using aws = await startSecrets({ GetSecretValue: versions });
    expect(await runSecret(['partner', ...stack], aws.environment, SECRET)).toMatchObject({ status: 0 });
    const puts = aws.calls.filter(({ operation }) => operation === 'PutSecretValue');
    expect(puts.map(({ input }) => input.SecretString)).toEqual(stored);
  });

  it.each(['AccessDeniedException', 'ResourceNotFoundException'])(
    'puts the secret if reading the current one fails with %s',
    async (type) => {
      await using aws = await startSecrets({ GetSecretValue: () => error(type) });
      expect(await runSecret(['partner', ...stack], aws.environment, SECRET)).toMatchObject({ status: 0 });
      expect(aws.calls.at(-1)?.operation).toBe('PutSecretValue');
    },
  );

  it('refuses a secret as an argument', async () => {
    await using aws = await startSecrets();
    const { status, stderr } = await runSecret(['partner', SECRET, ...stack], aws.environment, SECRET);
    expect(status).toBe(1);
    expect(stderr).toMatch(/must not be an argument: .*history.* have the provider generate another/);
    expect(aws.calls).toEqual([]);
  });

  it.each([
    ['a secret as an option', ['partner', `--${SECRET}`, ...stack], /^An option is unknown/],
    ['a secret as the value of one', ['partner', `--secret=${SECRET}`, ...stack], /^An option is unknown/],
    [
      'a secret alone',
      [SECRET, ...stack],
      /^The inbox has no source of that name\. .*: partner, stored, stripe-eu, team\.\n$/,
    ],
    ['no source', stack, /^Name a source\./],
    [
      'a source that has no secret',
      ['topics', ...stack],
      /^topics has no secret: .*: partner, stored, stripe-eu, team\.\n$/,
    ],
    ['an unknown source', ['constructor', ...stack], /^The inbox has no source of that name/],
    ['an unknown stack', ['partner'], /^There is no stack WebhookInbox .*--stack/],
    ['a forbidden stack', ['partner', '--stack', 'Forbidden'], /outputs of the stack Forbidden\. Access denied: .+/],
  ])('refuses %s, and prints the reason', async (_, args, message) => {
    await using aws = await startSecrets();
    const { status, stdout, stderr } = await runSecret(args, aws.environment, SECRET);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(aws.calls).toEqual([]);
  });

  it('explains that the receiver’s configuration may not be read', async () => {
    await using aws = await startSecrets({ isReceiverReadable: false });
    const { status, stderr } = await runSecret(['partner', ...stack], aws.environment, SECRET);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Could not read the configuration of the receiver Receiver\. Access denied: /);
    expect(aws.calls).toEqual([]);
  });

  it.each([
    ['nothing', '', /^The secret is empty/],
    ['white space', ' \n\t\n', /^The secret is empty/],
    ['the key of a command that waits', 'handshake-key:first:AAAA', /^This is the key of a command that waits/],
    ['the first line of a key', '-----BEGIN PUBLIC KEY-----\n', /^A key of several lines is read from a file/],
  ])('refuses %s on standard input', async (_, input, message) => {
    await using aws = await startSecrets();
    const { status, stderr } = await runSecret(['partner', ...stack], aws.environment, input);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(aws.calls).toEqual([]);
  });

  it.each([
    [
      error('AccessDeniedException', 'not authorized'),
      /put the secret Hooks\/Inbox\/partner\. Access denied: not auth/,
    ],
    [error('ValidationException', `Value '${SECRET}' at 'secretString'`), /AWS refused the request as not valid/],
    [error('ExpiredTokenException'), /credentials have expired/],
    [
      error('LimitExceededException', 'too many versions'),
      /AWS responded with LimitExceededException: too many versions/,
    ],
  ])('explains a put that fails with %j', async (answer, message) => {
    await using aws = await startSecrets({ PutSecretValue: () => answer });
    const { status, stdout, stderr } = await runSecret(['partner', ...stack], aws.environment, SECRET);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it.each([
    ['credentials', NO_CREDENTIALS, /No AWS credentials were found/],
    ['region', { ...NO_CREDENTIALS, AWS_REGION: '' }, /No valid AWS region is set/],
    [
      'network',
      { ...NO_CREDENTIALS, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      /AWS cannot be reached: .*ECONNREFUSED/,
    ],
  ])('explains that there is no %s', async (_, environment, message) => {
    const { status, stderr } = await runSecret(['partner', ...stack], environment, SECRET);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('prints its help', async () => {
    const { status, stdout } = await runSecret(['--help'], {});
    expect(status).toBe(0);
    expect(stdout).toContain('npm run secret -- <source> [--stack NAME] [--inbox NAME]');
  });
});

describe('npm run secret, for a source whose secret is a parameter', () => {
  const versions = [
    { Version: 1, Value: 'first', Type: 'String' },
    { Version: 2, Value: 'the one before', Type: 'SecureString', KeyId: 'alias/team', Tier: 'Advanced' },
  ];
  const run = async (answers: SecretsOptions) => {
    await using aws = await startSecrets(answers);
    const ended = await runSecret(['stored', ...stack], aws.environment, `${SECRET}\n`);
    return { ...ended, calls: aws.calls };
  };

  it('stores a version of it with the type, the key and the tier of the latest one', async () => {
    const history = ({ NextToken }: AwsCall['input']) =>
      NextToken ? { Parameters: versions.slice(1) } : { Parameters: versions.slice(0, 1), NextToken: 'more' };
    const { status, stdout, stderr, calls } = await run({
      GetParameterHistory: history,
      PutParameter: () => ({ Version: 3 }),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const page = { Name: '/team/stored', WithDecryption: true, MaxResults: 50 };
    const kept = { Type: 'SecureString', KeyId: 'alias/team', Tier: 'Advanced' };
    expect(calls).toEqual([
      { operation: 'GetParameterHistory', input: page },
      { operation: 'GetParameterHistory', input: { ...page, NextToken: 'more' } },
      { operation: 'PutParameter', input: { Name: '/team/stored', Value: SECRET, Overwrite: true, ...kept } },
    ]);
    expect(stdout).toMatch('/team/stored has a new secret');
  });

  it('stores the former secret too, if it is behind the key of a killed command', async () => {
    const Parameters = [...versions, { ...versions[1], Version: 3, Value: 'handshake-key:MII' }];
    const { calls } = await run({ GetParameterHistory: () => ({ Parameters }), PutParameter: () => ({ Version: 4 }) });
    const puts = calls.filter(({ operation }) => operation === 'PutParameter');
    expect(puts.map(({ input }) => input.Value)).toEqual(['the one before', SECRET]);
  });

  it('does not store the current secret again', async () => {
    const latest = { ...versions[1], Value: `${SECRET}\n` };
    const { status, stdout, calls } = await run({ GetParameterHistory: () => ({ Parameters: [latest] }) });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: '/team/stored already holds this secret. Nothing was changed.\n',
    });
    expect(calls).toHaveLength(1);
  });

  it.each<[string, SecretsOptions, RegExp]>([
    [
      'a parameter without versions',
      { GetParameterHistory: () => ({}) },
      /^There is no parameter \/team\/stored: create/,
    ],
    [
      'a missing parameter',
      { GetParameterHistory: () => error('ParameterNotFound') },
      /^Could not put the secret \/team\/stored\. AWS responded with ParameterNotFound/,
    ],
    [
      'a history that may not be read',
      { GetParameterHistory: () => error('AccessDeniedException', 'not authorized') },
      /Access denied: not authorized/,
    ],
    [
      'a secret that AWS finds invalid',
      {
        GetParameterHistory: () => ({ Parameters: versions }),
        PutParameter: () => error('ParameterPatternMismatchException', `${SECRET} does not match`),
      },
      /AWS refused the request as not valid/,
    ],
  ])('explains %s', async (_, answers, message) => {
    const { status, stdout, stderr } = await run(answers);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
