import { buildProvider } from '../build-provider.ts';
import type { Provider } from '../provider.ts';
import type { CustomDefinition } from './custom-definition.ts';
import { customEvents } from './custom-event.ts';
import { customHandshakes, methodsOf } from './custom-handshakes.ts';
import { customSample } from './custom-sample.ts';
import { customSignature } from './custom-signature.ts';
import { validateCustom } from './validate-custom.ts';

/**
 * A provider that is all data: it verifies, signs and reads as its definition says.
 * @throws {Error} if the definition is invalid, with the path and the remedy of each fault
 */
export function custom(definition: CustomDefinition): Provider {
  const messages = validateCustom(definition);
  if (messages.length > 0) throw new Error(messages.join(' '));
  const { title = 'Custom', documentation = '../custom.md', acknowledgement } = definition;
  const { status = 200, contentType, body = '' } = acknowledgement ?? {};
  const response = { status, ...(contentType !== undefined && { contentType }), body };
  return buildProvider({
    title,
    documentation,
    signature: customSignature(definition),
    methods: methodsOf(definition),
    ...(acknowledgement && { acknowledge: () => response }),
    ...customHandshakes(definition),
    ...customEvents(definition),
    samples: definition.samples ?? { sample: customSample(definition) },
  });
}
