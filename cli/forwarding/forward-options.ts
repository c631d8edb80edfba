import { checkUrl, UsageError } from '../arguments.ts';
import { FORMS, type Form } from './handler-request.ts';

/** Where a handler is, and what it gets. */
export interface ForwardOptions {
  /** May hold `{source}`. */
  readonly url: string;
  readonly form: Form;
}

/** What the options of forwarding mean, for the help of a command. */
export const FORWARD_HELP = `  --forward-to URL sends what is stored to a handler, such as http://localhost:4000/webhooks; {source} in it becomes
                   the source's name
  --as FORM        what the handler gets (delivery):
                   delivery   the request as the provider sent it, signed again with a secret of this machine
                   event      the event as the bus carries it, as an API destination of EventBridge sends it`;

/**
 * Reads the options of forwarding.
 * @param name of the option or the variable that has the URL
 * @returns undefined if no URL is given
 * @throws {UsageError} if the URL or the form is not valid, or there is a form without a URL
 */
export function forwardOptions(url: string | undefined, form: string | undefined, name = '--forward-to') {
  if (!url) {
    if (form !== undefined) throw new UsageError('--as is for --forward-to URL, which is missing.');
    return undefined;
  }
  return { url: checkUrl(name, url), form: formOf(form) } satisfies ForwardOptions;
}

function formOf(text: string | undefined = 'delivery'): Form {
  const form = FORMS.find((each) => each === text);
  if (!form) throw new UsageError(`--as "${text}" is unknown. It is ${FORMS.join(' or ')}.`);
  return form;
}
