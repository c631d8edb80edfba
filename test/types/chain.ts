// `npm run typecheck` fails where the chain in order does not compile, or where one of the others does.
import { abortAt } from '../../lambda/aws/deadline.ts';
import { openChain } from '../../lambda/receiver/chain.ts';
import type { Received } from '../../lambda/receiver/delivery.ts';
import { acknowledge } from '../../lambda/receiver/middleware/acknowledge.ts';
import { checkContentType } from '../../lambda/receiver/middleware/check-content-type.ts';
import { findSource } from '../../lambda/receiver/middleware/find-source.ts';
import { parseBody } from '../../lambda/receiver/middleware/parse-body.ts';
import { readBody } from '../../lambda/receiver/middleware/read-body.ts';
import { type StoreDependencies, storeEvents } from '../../lambda/receiver/middleware/store-events.ts';
import { validateEvents } from '../../lambda/receiver/middleware/validate-events.ts';
import { type Published, verifySignature } from '../../lambda/receiver/middleware/verify-signature.ts';
import type { Secrets } from '../../lambda/secrets/cached-secrets.ts';

const verify = () => verifySignature({} as Secrets, {} as Published);
const store = () => storeEvents({} as StoreDependencies, abortAt);

const opened = () => openChain<Received>({ onError: () => undefined, onEnd: () => undefined });
const routed = () => opened().use(findSource(new Map()));
const typed = () => routed().use(readBody()).use(checkContentType());
const verified = () => typed().use(verify());
const validated = () => verified().use(parseBody()).use(validateEvents());

export const inOrder = () => validated().use(store()).respond(acknowledge);

export const outOfOrder = [
  // @ts-expect-error The source decides how large a body may be.
  () => opened().use(readBody()),
  // @ts-expect-error A signature covers the body, which must have been read.
  () => routed().use(verify()),
  // @ts-expect-error A body is parsed only after its signature was verified.
  () => typed().use(parseBody()),
  // @ts-expect-error Events are found in a parsed body.
  () => verified().use(validateEvents()),
  // @ts-expect-error Only validated events are stored.
  () => verified().use(store()),
  // @ts-expect-error A delivery is acknowledged only after its events were stored.
  () => validated().respond(acknowledge),
];
