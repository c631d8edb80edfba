import * as v from 'valibot';
import type { CustomDefinition } from './custom-definition.ts';
import { eventSchema } from './event-schema.ts';
import { contentType, handshakeSchema } from './handshake-schema.ts';
import { fields, integer, listOf, namedBy, text } from './schema-values.ts';
import { signatureSchema } from './signature-schema.ts';

const sample = () =>
  fields({
    headers: v.record(v.string(), v.string('must be text.'), 'must be an object.'),
    body: v.string('must be text.'),
  });

/** The schema of a definition: the type and the range of each field. What contradicts itself is left to validateCustom. */
export const customSchema = (): v.GenericSchema<unknown, CustomDefinition> =>
  fields({
    title: v.optional(text(1, 64, 'Acme')),
    documentation: v.optional(
      v.pipe(v.string(), v.url('must be a URL, such as "https://acme.example/docs/webhooks".')),
    ),
    signature: signatureSchema(),
    event: eventSchema(),
    handshakes: v.optional(listOf(handshakeSchema(), 1, 5)),
    acknowledgement: v.optional(
      fields({
        status: v.optional(integer(200, 299)),
        contentType: contentType(),
        body: v.optional(text(0, 1_024, 'ok')),
      }),
    ),
    samples: v.optional(namedBy(sample(), 20)),
  });
