/**
 * Reads the beginning of a response's body, so that an endless one fills no memory. If the rest does not arrive, the text has
 * what did.
 * @param maxBytes how many bytes are read at least, if the body has them
 */
export async function responseBeginning({ body }: Response, maxBytes: number): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maxBytes) break;
    }
  } catch {
    // The status has arrived, and says more than the end of the connection.
  }
  return Buffer.concat(chunks).toString();
}
