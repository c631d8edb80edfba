import * as v from 'valibot';
import { anyPlace, has } from './schema-places.ts';
import { fields, flag, headerText, integer, listOf, namedBy, oneOf, text } from './schema-values.ts';

/** The media type of a response. */
export const contentType = () =>
  v.optional(
    v.pipe(
      headerText(3, 100, 'text/plain'),
      v.check((value) => !/html|xml\+|svg/i.test(value), 'must not be a type that browsers run, such as HTML.'),
    ),
  );

const answerValue = (example: string) =>
  v.union([text(0, 1_024, example), v.number(), v.boolean()], 'must be text, a number, true or false.');

function answer() {
  const status = v.optional(integer(200, 299));
  const textAnswer = fields({
    status,
    contentType: contentType(),
    text: v.optional(text(0, 1_024, '{challenge}')),
    header: v.optional(
      v.pipe(
        v.string('must be text, such as "X-Hook-Secret".'),
        v.regex(/^x-(?!content-type-options$)[a-z0-9-]{1,62}$/i, 'must begin with "X-", such as "X-Hook-Secret".'),
      ),
    ),
  });
  const jsonAnswer = fields({ status, json: namedBy(answerValue('{challenge}'), 20) });
  return v.lazy((input) => (has(input, 'json') ? jsonAnswer : textAnswer));
}

/** A handshake, and its answer. */
export const handshakeSchema = () =>
  fields({
    method: oneOf(['GET', 'POST', 'HEAD'], 'the method of a handshake'),
    signed: v.optional(flag()),
    secret: v.optional(flag()),
    when: v.optional(listOf(anyPlace({ equals: answerValue('subscribe') }), 1, 10)),
    challenge: v.optional(anyPlace({})),
    answer: answer(),
  });
