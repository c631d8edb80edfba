import { toItem } from '../../lambda/events/event-item.ts';

/** The item of an invoice that the generic provider sent to the source `partner`. */
export function invoiceItem(id: string, payload: string, receivedAt: number) {
  const { item } = toItem({
    source: 'partner',
    provider: 'generic',
    id,
    type: 'invoice.paid',
    occurredAt: undefined,
    signedAt: undefined,
    receivedAt,
    lifeSeconds: 1_000,
    immutable: true,
    data: { action: 'invoice.paid' },
    headers: {},
    payload: Buffer.from(payload),
  });
  return item;
}
