import * as v from 'valibot';
import { UsageError } from '../arguments.ts';
import { itemAcceptor } from '../operate/quarantine/accept-items.ts';
import { itemDiscarder } from '../operate/quarantine/discard-items.ts';
import { actOn } from '../operate/quarantine/for-each-item.ts';
import type { CommandAnswer, DecisionAnswer, RedeliveryAnswer, SentAnswer } from './api.ts';
import { curlCommand } from './curl-command.ts';
import { parsed } from './parse-given.ts';
import type { Action } from './reads.ts';
import { resentRequest } from './resend.ts';
import { sendRequest } from './send-request.ts';

const Entry = v.object({ id: v.string() });
const Decision = v.object({ id: v.string(), asIs: v.optional(v.boolean(), false) });
const Sample = v.object({ source: v.string() });
const StoredEvent = v.object({ source: v.string(), eventId: v.string() });
const Resend = v.object({ ...StoredEvent.entries, url: v.string(), form: v.picklist(['delivery', 'event']) });

/** The paths of `POST`, whose parameters are in the body, in JSON. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  async sample(inbox, given): Promise<SentAnswer> {
    return await sendRequest(await inbox.sample(parsed(Sample, given).source));
  },
  async resend(inbox, given): Promise<SentAnswer> {
    return await sendRequest(await resentRequest(inbox, parsed(Resend, given)));
  },
  async curl(inbox, given): Promise<CommandAnswer> {
    const { request } = await resentRequest(inbox, parsed(Resend, given));
    return { command: curlCommand(request) };
  },
  async redeliver({ bus }, given): Promise<RedeliveryAnswer> {
    const { source, eventId } = parsed(StoredEvent, given);
    if (!bus) throw new UsageError('The inbox forwards events to no bus.');
    const result = await bus.redeliver(`${source}#${eventId}`);
    if (!result) return { isPut: false, text: 'The events table no longer has this event.' };
    if ('description' in result) return { isPut: true, text: result.description };
    return { isPut: false, text: `EventBridge refuses it, with and without its payload: ${result.refusal}` };
  },
  async accept({ access }, given): Promise<DecisionAnswer> {
    const { id, asIs } = parsed(Decision, given);
    return await actOn(id, access.quarantine, await itemAcceptor(access, asIs));
  },
  async discard({ access }, given): Promise<DecisionAnswer> {
    return await actOn(parsed(Entry, given).id, access.quarantine, itemDiscarder(access.quarantine));
  },
};
