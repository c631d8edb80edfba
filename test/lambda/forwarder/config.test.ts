import { expect, it } from '@jest/globals';
import { readDeliverConfig } from '../../../lambda/forwarder/config.ts';

it('reads what the stack sets', () => {
  expect(readDeliverConfig({ BUS_NAME: 'bus', TABLE_NAME: 'table', HOME: '/' })).toEqual({
    busName: 'bus',
    tableName: 'table',
  });
});

it('names what is missing', () => {
  expect(() => readDeliverConfig({ BUS_NAME: '' })).toThrow('BUS_NAME, TABLE_NAME missing');
});
