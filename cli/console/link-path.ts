import { CONSOLE_PATH } from './session.ts';

/** Where commands on this machine, which have the secret of the session, get a new token. */
export const LINK_PATH = `${CONSOLE_PATH}/link`;
