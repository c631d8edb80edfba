import type { Provider } from '../../lambda/providers/provider.ts';
import type { BodyCoverage } from '../../lambda/signature/scheme.ts';
import { type SampleSource, sampleOf, signedSample } from '../../samples/sample.ts';

/** How much of a body a signature covers, and what follows from it. */
export const COVERAGES = {
  bytes: 'every byte. A request is rejected if any byte of its body is changed.',
  checksum: 'a checksum of the bytes. An attacker can make another body with the same checksum.',
  content: 'the values of some or all fields. The same values are accepted in another order or spelling.',
  nothing: 'no part of the body. Anyone who has captured a request can send another body with its signature.',
} as const satisfies Record<BodyCoverage, string>;

/** The row of a Markdown table. */
export const row = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;

/** Text as Markdown code. */
export const code = (text: string) => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

/** The field with the time of an event, if this time must be inside the retention window; otherwise, an empty text. */
export function checkedTimeOf({ eventTime, signature }: Provider): string {
  return eventTime?.isSigned && signature.toleranceSeconds === undefined ? eventTime.label : '';
}

/** How old the signed time of transmission may be; an empty text if there is none. */
export function toleranceOf({ signature: { toleranceSeconds } }: Provider): string {
  return toleranceSeconds === undefined ? '' : `${toleranceSeconds} s`;
}

/** The headers that signing adds to the sample. They are measured, so that no provider declares them twice. */
export function signatureHeaders(source: SampleSource): string {
  const url = `https://hooks.example.com/webhooks/${source.providerName}`;
  const { signing: key } = source.provider.signature.generateKeys();
  const { headers } = signedSample(source, { key, url, now: Date.now() });
  const sample = sampleOf(source);
  const added = [...headers.keys()].filter((header) => !(header in sample.headers));
  return added.length > 0 ? added.map(code).join(' ') : 'in the body';
}
