import * as v from 'valibot';
import { isJsonObject, type JsonObject } from '../signature/json-body.ts';
import { jwsWithChain, signedPayload } from '../signature/jws-with-chain.ts';
import type { Settings } from '../signature/scheme.ts';
import { defineProvider } from './define-provider.ts';
import { epochMilliseconds, ifValid, name, object, textOrInteger } from './fields.ts';

const FIELD = 'signedPayload';

/**
 * The extensions of Apple's certificates for receipts, 1.2.840.113635.100.6.11.1, and of their issuer,
 * 1.2.840.113635.100.6.2.1. Apple's own library requires the same:
 * https://github.com/apple/app-store-server-library-node/blob/main/jws_verification.ts
 */
const MARKERS = {
  signer: Buffer.from('2a864886f76364060b01', 'hex'),
  issuer: Buffer.from('2a864886f76364060201', 'hex'),
};

/** The objects of a notification that name its app. A notification has one of them. */
const APPS = ['data', 'summary', 'externalPurchaseToken', 'appData'] as const;

/** The app of a notification. Apple signs those of all apps with the same certificate. */
function isOfApp(payload: JsonObject, { bundleId, environment }: Settings): boolean {
  const app = APPS.map((each) => payload[each]).find((each) => each != null);
  return isJsonObject(app) && app.bundleId === bundleId && environmentOf(app) === environment;
}

/** The token of an external purchase has no environment, but its id begins with it. */
function environmentOf({ environment, externalPurchaseId }: JsonObject): unknown {
  if (typeof externalPurchaseId !== 'string') return environment;
  return externalPurchaseId.startsWith('SANDBOX') ? 'Sandbox' : 'Production';
}

/** A body without a token is a payload before it is signed: no such request is ever verified. */
const payloadOf = (content: unknown) =>
  isJsonObject(content) && FIELD in content ? signedPayload(content, FIELD) : content;

const app = () =>
  ifValid(v.object({ bundleId: ifValid(name()), appAppleId: ifValid(textOrInteger()), environment: ifValid(name()) }));

/** App Store Server Notifications, version 2. The transactions in a notification are tokens, and stay as they are. */
export const appStore = () =>
  defineProvider({
    title: 'App Store',
    documentation: 'https://developer.apple.com/documentation/appstoreservernotifications/signedpayload',
    signature: jwsWithChain({ field: FIELD, markers: MARKERS, isForUs: isOfApp }),
    settings: {
      bundleId: {
        description: 'The bundle ID of the app: App Store Connect → the app → App Information.',
        pattern: /^[A-Za-z0-9.-]{1,155}$/,
        example: 'com.example.harbor-books',
      },
      environment: {
        description: 'Which notifications the source receives: `Production` or `Sandbox`.',
        pattern: /^(?:Production|Sandbox)$/,
        example: 'Production',
      },
    },
    eventIdLabel: 'notificationUUID',
    eventTime: { label: 'signedDate', isSigned: true },
    // Each attempt may be signed again.
    immutable: false,
    schema: v.pipe(
      v.unknown(),
      v.transform(payloadOf),
      object({
        notificationUUID: name(),
        notificationType: ifValid(name()),
        subtype: ifValid(name()),
        signedDate: ifValid(epochMilliseconds()),
        data: app(),
        summary: app(),
        externalPurchaseToken: app(),
        appData: app(),
      }),
    ),
    event: ({ notificationUUID, notificationType, subtype, signedDate, ...apps }) => {
      const of = apps.data ?? apps.summary ?? apps.externalPurchaseToken ?? apps.appData;
      return {
        id: notificationUUID,
        type: notificationType,
        occurredAt: signedDate,
        data: { subtype, bundle_id: of?.bundleId, app_apple_id: of?.appAppleId, environment: of?.environment },
      };
    },
  });
