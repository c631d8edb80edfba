import type { Sample } from '../../lambda/providers/provider.ts';
import { suggestion } from '../../lambda/providers/suggestion.ts';
import { parsePayload } from '../../lambda/receiver/parse-payload.ts';
import type { Source } from '../../lambda/receiver/source.ts';
import { samplesOf, unsignedSample } from '../../samples/sample.ts';
import { UsageError } from '../arguments.ts';

/**
 * The sample of a source's provider with an event of this type, or of this name.
 * @param type undefined for the first sample
 * @throws {UsageError} if there is none, with a list of those that there are
 */
export function sampleOfType(source: Source, type: string | undefined): Sample | undefined {
  if (type === undefined) return undefined;
  const samples = Object.entries(samplesOf(source)).map(([name, sample]) => {
    return { name, sample, types: typesOf(sample, source) };
  });
  const found = samples.find(({ name, types }) => name === type || types.includes(type));
  if (found) return found.sample;
  const meant = suggestion(
    type,
    samples.flatMap(({ name, types }) => [...types, name]),
  );
  const listed = samples.map(({ name, types }) => (types.length > 0 ? `${types.join(', ')} (${name})` : name));
  const list = `The samples of ${source.providerName} are: ${listed.join('; ')}.`;
  throw new UsageError(`There is no sample of the type "${type}"${meant ? `, did you mean ${meant}?` : '.'} ${list}`);
}

/** The types of a sample's events; empty if they cannot be read before it is signed. */
function typesOf(sample: Sample, { provider }: Source): readonly string[] {
  const request = unsignedSample(sample, 'http://127.0.0.1', Date.now());
  const mediaType = sample.headers['content-type']?.split(';')[0]?.trim() ?? '';
  const parsed = parsePayload(request.body, { ...provider, mediaType });
  if ('unreadable' in parsed) return [];
  const { events } = provider.read(parsed, { ...request, mediaType, receivedAt: Date.now() });
  return [...new Set(events.flatMap((read) => ('event' in read ? (read.event.type ?? []) : [])))];
}
