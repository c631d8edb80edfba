import { expect, it } from '@jest/globals';
import { readForwarderConfig } from '../../../lambda/forwarder/config.ts';

it('reads what the stack sets', () => {
  expect(readForwarderConfig({ BUS_NAME: 'bus', TABLE_NAME: 'table', HOME: '/' })).toEqual({
    busName: 'bus',
    tableName: 'table',
  });
});

it('names what is missing', () => {
  expect(() => readForwarderConfig({ BUS_NAME: '' })).toThrow('BUS_NAME, TABLE_NAME missing');
});
