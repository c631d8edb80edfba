import { expect } from '@jest/globals';
import type { Answer } from './http.ts';

/** Expects exactly this problem in the format of the contract. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(answer.text)).toEqual({
    type: `urn:webhook-inbox:problem:${code}`,
    title: expect.stringMatching(/^[A-Z].*\.$/),
    status,
    code,
    request_id: answer.headers['x-amzn-requestid'],
    ...(status === 422 && { errors: expect.anything() }),
  });
  expect(answer.headers['retry-after']).toEqual(status === 503 ? expect.stringMatching(/^[1-9]\d*$/) : undefined);
}
