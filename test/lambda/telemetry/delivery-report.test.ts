import { ConditionalCheckFailedException, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { describeCause } from '../../../lambda/telemetry/delivery-report.ts';

const ofService = (name: string) =>
  new DynamoDBServiceException({ name, $fault: 'client', $metadata: {}, message: `what ${name} says` });

describe('The reported cause of an error', () => {
  it('has its name and stack trace, and not its message, which may quote a body', () => {
    const cause = describeCause(new TypeError('marker of a body\nand its second line'));
    expect(cause).toEqual({ name: 'TypeError', stack: expect.stringMatching(/^\s+at .*delivery-report\.test\.ts/) });
    expect(JSON.stringify(cause)).not.toMatch(/marker|second line/);
  });

  it.each([['AccessDeniedException'], ['ResourceNotFoundException'], ['ProvisionedThroughputExceededException']])(
    'has the message of AWS for %s',
    (name) => {
      expect(describeCause(ofService(name))).toMatchObject({ name, message: `what ${name} says` });
    },
  );

  it('has no message of AWS that may quote the request', () => {
    expect(describeCause(ofService('ValidationException'))).not.toHaveProperty('message');
  });

  it('has only the places of its stack trace, even if the message was changed later', () => {
    const error = new Error('marker of a body\nlook at marker');
    error.message = 'another';
    expect(describeCause(error)?.stack?.split('\n')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\s+at .*delivery-report/)]),
    );
    expect(describeCause(error)?.stack).not.toContain('marker');
    delete error.stack;
    expect(describeCause(error)).toEqual({ name: 'Error' });
    error.stack = 'Error: another';
    expect(describeCause(error)).toEqual({ name: 'Error' });
  });

  it('has nothing of the old item of a failed condition', () => {
    const Item = { payload: { S: 'marker' } };
    const cause = describeCause(new ConditionalCheckFailedException({ $metadata: {}, message: 'failed', Item }));
    expect(JSON.stringify(cause)).not.toContain('marker');
  });

  it('has the message of the operating system', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { syscall: 'connect' });
    expect(describeCause(error)).toMatchObject({ name: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:1' });
  });

  it('has only the type of a thrown value that is no error', () => {
    expect(describeCause('marker')).toEqual({ name: 'string' });
    expect(describeCause(undefined)).toBeUndefined();
  });
});
