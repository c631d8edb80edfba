import type { CapturedRequest } from '../captured-request.ts';
import { type Delivery, withHeader, withUrl } from '../delivery.ts';
import { variantsOf } from '../signed-urls.ts';
import { timesIn } from '../times.ts';
import type { Repair } from './repair.ts';

/** The time at which the request may have been sent. */
export function* clockRepairs(delivery: Delivery): Generator<Repair> {
  for (const time of timesIn(delivery.request)) {
    const seconds = Math.round((delivery.at - time) / 1000);
    const off = `${Math.abs(seconds).toLocaleString('en')} s ${seconds < 0 ? 'after' : 'before'} it arrived`;
    yield { name: 'clock-off', detail: `it was signed ${off}`, delivery: { ...delivery, at: time } };
  }
}

/** The URL that the sender may have been given. */
export function* urlRepairs(delivery: Delivery, captured: CapturedRequest): Generator<Repair> {
  for (const url of variantsOf(delivery.request.url, captured)) {
    yield { name: 'url-differs', detail: `it signed ${withoutValues(url)}`, delivery: withUrl(delivery, url) };
  }
}

/** A query string may hold a token. */
export const withoutValues = (url: string) => url.replace(/=[^&#]*/g, '=…');

const METHODS = ['POST', 'PUT', 'GET', 'PATCH', 'DELETE'];

const CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded'];

/** The method and the content type that the sender may have used. */
export function* lineRepairs(delivery: Delivery): Generator<Repair> {
  const { request } = delivery;
  for (const method of METHODS.filter((each) => each !== request.method)) {
    const detail = `it signed ${method}`;
    yield { name: 'method-differs', detail, delivery: { ...delivery, request: { ...request, method } } };
  }
  for (const type of CONTENT_TYPES) {
    const detail = `the request was signed as ${type}`;
    yield { name: 'content-type-differs', detail, delivery: withHeader(delivery, 'content-type', [type]) };
  }
}
