/**
 * The name of every rule and queue that `webhook-inbox tail --bus` creates for its run begins with this, so that an
 * operator needs no permission for others.
 */
export const TAIL_PREFIX = 'webhook-inbox-tail-';
