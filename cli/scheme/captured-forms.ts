const CURL_REQUEST_LINE = /^> [A-Z]+ \S+(?: HTTP\/\S+)?\r?$/;

/** What `curl -v` writes between a request and its response. */
const CURL_NOTE = /^(?:\* |[{}] \[\d+ bytes data\])/;

/**
 * The request in what `curl -v` writes, without the mark of its lines, its notes and the response. Other text is returned as
 * it is.
 * @see https://everything.curl.dev/usingcurl/verbose
 */
export function withoutCurlMarks(bytes: Buffer): Buffer {
  const first = bytes.toString('latin1', 0, 2);
  if (first !== '> ' && first !== '* ') return bytes;
  // Latin-1 keeps every byte.
  const lines = bytes.toString('latin1').split('\n');
  const start = lines.findIndex((line) => CURL_REQUEST_LINE.test(line));
  const end = lines.findIndex((line, index) => index > start && line.trim() === '>');
  if (start < 0 || end < 0) return bytes;
  const head = lines.slice(start, end).map((line) => line.replace(/^> /, ''));
  const rest = lines.slice(end + 1).filter((line) => !CURL_NOTE.test(line));
  const answer = rest.findIndex((line) => line.startsWith('< '));
  const body = answer < 0 ? rest : rest.slice(0, answer);
  return Buffer.from([...head, '', ...body].join('\n'), 'latin1');
}

/**
 * The lines of the head of a request of HTTP/2, whose method, path and authority are fields, as HTTP/1.1 has them. Other lines
 * are returned as they are.
 * @see https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1
 */
export function withoutPseudoHeaders(lines: readonly string[]): readonly string[] {
  if (!lines[0]?.startsWith(':')) return lines;
  const fields = new Map(lines.flatMap((line) => (PSEUDO_HEADER.test(line) ? [pseudoHeader(line)] : [])));
  const { method, path, authority } = Object.fromEntries(fields);
  const others = lines.filter((line) => !line.startsWith(':'));
  return [`${method ?? 'POST'} ${path ?? '/'} HTTP/2`, ...(authority ? [`host: ${authority}`] : []), ...others];
}

const PSEUDO_HEADER = /^:(method|path|authority): ?(.*)$/;

function pseudoHeader(line: string): readonly [string, string] {
  const [, name = '', value = ''] = PSEUDO_HEADER.exec(line) ?? [];
  return [name, value.trim()];
}

/**
 * The lines of a head in which a header that is folded over several lines is one line.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-5.2
 */
export function unfolded(lines: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const folded = whole.length > 1 && /^[ \t]/.test(line) ? whole.pop() : undefined;
    whole.push(folded === undefined ? line : `${folded} ${line.trim()}`);
  }
  return whole;
}
