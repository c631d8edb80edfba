export type { Validation } from '../lambda/providers/build-provider.ts';
export { joinedId } from '../lambda/providers/event-id.ts';
export {
  type HandedOut,
  type HandOut,
  type HandOutRequest,
  type Handshake,
  type HandshakeRequest,
  type Handshakes,
  handsOut,
  jsonAnswer,
  NO_CONTENT,
  type ProviderResponse,
  plainToken,
} from '../lambda/providers/handshake.ts';
export { header } from '../lambda/providers/header.ts';
export type {
  AcknowledgedDelivery,
  EventData,
  EventRequest,
  EventTime,
  FormField,
  Issue,
  Provider,
  ProviderEvent,
  Sample,
  Setting,
  SettingsByName,
} from '../lambda/providers/provider.ts';
export type { Algorithm, Encoding, SignedContent } from '../lambda/signature/algorithm.ts';
export { type Ed25519Options, ecdsaP256, ed25519 } from '../lambda/signature/asymmetric.ts';
export {
  type Carrier,
  type CarrierHeaders,
  type Claim,
  type FieldNames,
  inFields,
  inHeaders,
  inMatchingHeaders,
  type MatchingHeaders,
} from '../lambda/signature/carrier.ts';
export { contentId } from '../lambda/signature/content-id.ts';
export { handedOutSecret } from '../lambda/signature/handed-out-secret.ts';
export { type HmacOptions, hmac } from '../lambda/signature/hmac.ts';
export type {
  BodyCoverage,
  Settings,
  SignatureScheme,
  Signing,
  SigningKeys,
  Verdict,
  Verification,
} from '../lambda/signature/scheme.ts';
export { type SchemeOptions, signedBy } from '../lambda/signature/signed-by.ts';
export type { HeaderValues, SignedRequest } from '../lambda/signature/signed-request.ts';
export { iso8601, milliseconds, type SignedTime, seconds, type TimeFormat } from '../lambda/signature/signed-time.ts';
export { standardWebhooksSignature } from '../lambda/signature/standard-webhooks.ts';
export { tokenInHeader } from '../lambda/signature/token-in-header.ts';
export { defineProvider, type ProviderDefinition } from './define-provider.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts';
