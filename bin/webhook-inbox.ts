#!/usr/bin/env node
import { type Commands, webhookInbox } from '../cli/webhook-inbox.ts';

const commands: Commands = {
  start: {
    summary: 'runs the inbox on this machine, with one source per provider',
    load: async () => (await import('../cli/local/start.ts')).start,
  },
  send: {
    summary: 'sends a request to a source, signed as its provider signs',
    load: async () => (await import('../cli/send/send.ts')).send,
  },
  scheme: {
    summary: 'finds the configuration that verifies a captured request, or what broke it',
    load: async () => (await import('../cli/scheme/scheme.ts')).scheme,
  },
  events: {
    summary: 'lists deliveries and their events, by source, time, type and outcome',
    load: async () => (await import('../cli/deliveries/events.ts')).events,
  },
  inspect: {
    summary: 'shows an event, its payload, its deliveries and where it was forwarded to',
    load: async () => (await import('../cli/deliveries/inspect/inspect.ts')).inspect,
  },
  tail: {
    summary: 'shows deliveries as they come, or what consumers get from the event bus',
    load: async () => (await import('../cli/deliveries/tail/tail.ts')).tail,
  },
  status: {
    summary: 'tells whether a deployed inbox needs attention',
    load: async () => (await import('../cli/operate/status/status.ts')).status,
  },
  listen: {
    summary: 'forwards what a deployed inbox stores to a handler on this machine',
    load: async () => (await import('../cli/operate/listen/listen.ts')).listen,
  },
  console: {
    summary: 'prints a link to the console, which shows all of this in a browser',
    load: async () => (await import('../cli/console/console.ts')).openConsole,
  },
  probe: {
    summary: 'tests whether a webhook endpoint withstands abuse',
    load: async () => (await import('../probe/probe.ts')).probe,
    usageStatus: 2,
  },
  describe: {
    summary: 'prints a page about a source of your own: its signature, events and response',
    load: async () => (await import('../cli/docs/describe.ts')).describe,
  },
  secret: {
    summary: 'stores a signing secret of a deployed source',
    load: async () => (await import('../cli/operate/put-secret.ts')).putSecret,
  },
  quarantine: {
    summary: 'lists, shows, accepts and discards verified deliveries that are invalid',
    load: async () => (await import('../cli/operate/quarantine/quarantine.ts')).quarantine,
  },
  redeliver: {
    summary: 'puts stored events on the event bus again',
    load: async () => (await import('../cli/operate/redeliver.ts')).redeliver,
  },
  replay: {
    summary: 'replays a window of the archive to one rule of the event bus',
    load: async () => (await import('../cli/operate/replay.ts')).replay,
  },
  redrive: {
    summary: 'forwards the events of dead letters, and queues those of the overflow to be stored',
    load: async () => (await import('../cli/operate/redrive.ts')).redrive,
  },
  cost: {
    summary: 'prints what an inbox costs on AWS',
    load: async () => (await import('../cli/docs/cost.ts')).cost,
  },
};

// Without `await`, as the package's bundle may be CommonJS, which has none at the top level.
void webhookInbox(commands);
