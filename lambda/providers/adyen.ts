import * as v from 'valibot';
import { hmacInItems } from '../signature/hmac-in-items.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { anything, ifValid, integer, isoTime, lazily, name, object, text, valueIfValid } from './fields.ts';

const batch = lazily(() =>
  v.object({ notificationItems: v.array(v.object({ NotificationRequestItem: v.unknown() })) }),
);

/**
 * A value as its signature covers it: `true` and `"true"` have the same signature, so they must not make two ids, or a
 * captured item could be processed again.
 */
const signedText = (value: unknown) => String(value ?? '');

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
      success: anything(),
      merchantAccountCode: anything(),
      merchantReference: ifValid(name()),
      originalReference: ifValid(name()),
      eventDate: ifValid(isoTime()),
      amount: ifValid(v.object({ value: ifValid(integer()), currency: ifValid(name()) })),
    }),
    event({ pspReference, eventCode, eventDate, amount, ...item }) {
      const [merchantAccount, success] = [item.merchantAccountCode, item.success].map(signedText);
      return {
        id: joinedId([merchantAccount, pspReference, eventCode, success]),
        type: eventCode,
        occurredAt: eventDate,
        data: {
          psp_reference: pspReference,
          original_reference: item.originalReference,
          merchant_account: valueIfValid(name(), merchantAccount),
          merchant_reference: item.merchantReference,
          success: valueIfValid(name(), success),
          amount: amount?.value,
          currency: amount?.currency,
        },
      };
    },
  });
