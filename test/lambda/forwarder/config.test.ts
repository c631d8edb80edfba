import { expect, it } from '@jest/globals';
import { readForwarderConfig } from '../../../lambda/forwarder/config.ts';

it('The configuration of the forwarder is read from the variables that the stack sets', () => {
  expect(readForwarderConfig({ BUS_NAME: 'bus', TABLE_NAME: 'table', HOME: '/' })).toEqual({
    busName: 'bus',
    tableName: 'table',
  });
});

it('Reading the configuration of the forwarder throws with the names of the missing variables', () => {
  expect(() => readForwarderConfig({ BUS_NAME: '' })).toThrow('BUS_NAME, TABLE_NAME missing');
});
