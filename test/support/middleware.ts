import type { Request } from '@middy/core';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { toSource } from '../../lambda/receiver/config.ts';
import type { Delivery, DeliveryMiddleware } from '../../lambda/receiver/delivery.ts';
import { openDelivery } from '../../lambda/receiver/delivery.ts';
import { NOW } from './generic-event.ts';

/** A delivery half-way through the chain: a POST to a source of the generic provider, and what a test sets of it. */
export function halfway(fields: Partial<Delivery> = {}): Delivery {
  const source = toSource('partner', { provider: 'generic' });
  return { ...openDelivery({ httpMethod: 'POST' }, NOW), source, ...fields };
}

/** Runs one middleware, as middy does. */
export function run({ before }: DeliveryMiddleware, delivery: Delivery): unknown {
  return before({ event: delivery } as Request<Delivery, APIGatewayProxyResult>);
}
