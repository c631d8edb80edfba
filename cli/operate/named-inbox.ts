/** The stack of bin/app.ts. */
export const STANDARD_STACK = 'WebhookInbox';

/** The options that name a deployed inbox. */
export interface NamedInbox {
  /** Name of the stack that has the inbox. @default STANDARD_STACK */
  readonly stack?: string | undefined;
  /** Name of the inbox, with or without the stack's. @default - the only inbox of the stack */
  readonly inbox?: string | undefined;
}
