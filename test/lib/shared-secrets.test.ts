import { describe, expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type IParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { CustomSourceProps, SourceProps } from '../../lib/sources.ts';
import { validateSources } from '../../lib/validate-sources.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:team/shared-a1B2c3';

const signing = (answer: string): CustomSourceProps => ({
  provider: 'custom',
  signature: { algorithm: 'hmac-sha256', header: 'X-Signature', prefix: 'sha256=' },
  event: { id: { pointer: '/id' } },
  handshakes: [{ method: 'GET', challenge: { query: 'challenge' }, answer: { text: answer } }],
});

/** What is wrong with two sources, each with the secret that is imported for it. */
function validate(
  one: SourceProps,
  other: SourceProps,
  secrets: (stack: Stack) => readonly [ISecret | IParameter, ISecret | IParameter],
) {
  const [first, second] = secrets(new Stack(new App(), 'Hooks'));
  return validateSources({ one: { ...one, secret: first }, other: { ...other, secret: second } });
}

function shared(stack: Stack) {
  const secret = Secret.fromSecretCompleteArn(stack, 'Secret', ARN);
  return [secret, secret] as const;
}

const REFUSAL =
  'Sources "one" and "other" have the same secret, but a handshake of "one" signs text that its caller chooses, which could be an event of "other". Give "other" another secret.';

describe('a secret that two sources have', () => {
  const signers: readonly (readonly [string, SourceProps])[] = [
    ['x', { provider: 'x' }],
    ['zoom', { provider: 'zoom' }],
    ['a custom source with {hmac} in text', signing('sha256={hmac}')],
    [
      'a custom source with {hmac} in JSON',
      {
        ...signing(''),
        handshakes: [{ method: 'GET', challenge: { query: 'c' }, answer: { json: { token: '{hmac}' } } }],
      },
    ],
  ];

  it.each(signers)('is refused if a handshake of one signs challenges: %s', (_, signer) => {
    expect(validate(signer, { provider: 'generic' }, shared)).toBe(REFUSAL);
    expect(validate({ provider: 'generic' }, signer, shared)).toContain('a handshake of "other" signs text');
    expect(
      validate(signer, { ...signing('sha256={hmac}'), signature: { algorithm: 'hmac-sha1', header: 'X' } }, shared),
    ).toBe(REFUSAL);
  });

  it.each(signers)('is accepted if both have the same scheme, which refuses such signatures: %s', (_, signer) => {
    expect(validate(signer, signer, shared)).toBeUndefined();
  });

  it('is accepted if no handshake signs challenges', () => {
    expect(validate({ provider: 'generic' }, { provider: 'github' }, shared)).toBeUndefined();
    expect(validate(signing('{challenge}'), { provider: 'dropbox' }, shared)).toBeUndefined();
  });

  it.each<readonly [string, (stack: Stack) => readonly [ISecret | IParameter, ISecret | IParameter]]>([
    [
      'one that the app creates',
      (stack) => {
        const secret = new Secret(stack, 'Secret');
        return [secret, secret];
      },
    ],
    [
      'its ARN, twice',
      (stack) => [
        Secret.fromSecretCompleteArn(stack, 'One', ARN),
        Secret.fromSecretAttributes(stack, 'Other', { secretCompleteArn: ARN }),
      ],
    ],
    [
      'its ARN and its name',
      (stack) => [
        Secret.fromSecretCompleteArn(stack, 'One', ARN),
        Secret.fromSecretNameV2(stack, 'Other', 'team/shared'),
      ],
    ],
    [
      'its ARN without the suffix',
      (stack) => [
        Secret.fromSecretCompleteArn(stack, 'One', ARN),
        Secret.fromSecretPartialArn(stack, 'Other', ARN.slice(0, -7)),
      ],
    ],
    [
      'the name of a parameter',
      (stack) => [
        StringParameter.fromSecureStringParameterAttributes(stack, 'One', { parameterName: '/team/shared' }),
        StringParameter.fromStringParameterName(stack, 'Other', '/team/shared'),
      ],
    ],
    [
      'the name and the ARN of a parameter',
      (stack) => [
        StringParameter.fromSecureStringParameterAttributes(stack, 'One', { parameterName: '/shared' }),
        StringParameter.fromStringParameterArn(stack, 'Other', 'arn:aws:ssm:eu-west-1:111122223333:parameter/shared'),
      ],
    ],
  ])('is recognised by %s', (_, secrets) => {
    expect(validate({ provider: 'x' }, { provider: 'generic' }, secrets)).toBe(REFUSAL);
  });

  it('is not mistaken for another secret or parameter', () => {
    const two = (stack: Stack) => [new Secret(stack, 'One'), new Secret(stack, 'Other')] as const;
    expect(validate({ provider: 'x' }, { provider: 'generic' }, two)).toBeUndefined();
    const named = (stack: Stack) =>
      [
        Secret.fromSecretNameV2(stack, 'One', '/team/shared'),
        StringParameter.fromStringParameterName(stack, 'Other', '/team/shared'),
      ] as const;
    expect(validate({ provider: 'x' }, { provider: 'generic' }, named)).toBeUndefined();
  });
});
