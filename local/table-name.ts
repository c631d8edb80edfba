/** The table's name on this machine. */
export const TABLE_NAME = 'webhook-events';
