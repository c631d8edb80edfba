import * as v from 'valibot';
import { hmacInItems } from '../signature/hmac-in-items.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { ifValid, integer, isoTime, lazily, name, object, text } from './fields.ts';

const batch = lazily(() =>
  v.object({ notificationItems: v.array(v.object({ NotificationRequestItem: v.unknown() })) }),
);

/** Adyen's standard webhooks for payments. Each item of a body is signed by itself. */
export const adyen = () =>
  defineProvider({
    title: 'Adyen',
    documentation: 'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
    // Nothing is escaped: https://github.com/Adyen/adyen-node-api-library/blob/main/src/utils/hmacValidator.ts
    signature: hmacInItems({
      list: 'notificationItems',
      item: 'NotificationRequestItem',
      signature: ['additionalData', 'hmacSignature'],
      fields: [
        ['pspReference'],
        ['originalReference'],
        ['merchantAccountCode'],
        ['merchantReference'],
        ['amount', 'value'],
        ['amount', 'currency'],
        ['eventCode'],
        ['success'],
      ],
      separator: ':',
      // The merchant chooses it. Adyen chooses all others.
      freeField: 3,
    }),
    items: (content) =>
      v.is(batch(), content) ? content.notificationItems.map((each) => each.NotificationRequestItem) : undefined,
    eventIdLabel: 'merchantAccountCode + pspReference + eventCode + success',
    eventTime: { label: 'eventDate', isSigned: false },
    immutable: false,
    // Older webhooks need this text: https://docs.adyen.com/development-resources/webhooks/handle-webhook-events
    acknowledge: () => ({ status: 200, body: '[accepted]' }),
    schema: object({
      pspReference: text(1, 512),
      eventCode: name(),
      success: ifValid(name()),
      merchantAccountCode: ifValid(name()),
      merchantReference: ifValid(name()),
      originalReference: ifValid(name()),
      eventDate: ifValid(isoTime()),
      amount: ifValid(v.object({ value: ifValid(integer()), currency: ifValid(name()) })),
    }),
    event({ pspReference, eventCode, success, eventDate, amount, ...item }) {
      return {
        id: joinedId([item.merchantAccountCode, pspReference, eventCode, success]),
        type: eventCode,
        occurredAt: eventDate,
        data: {
          psp_reference: pspReference,
          original_reference: item.originalReference,
          merchant_account: item.merchantAccountCode,
          merchant_reference: item.merchantReference,
          success,
          amount: amount?.value,
          currency: amount?.currency,
        },
      };
    },
  });
