/**
 * A name with at least two labels, the last of which begins with a letter, so that no IP address is one: a URL is parsed
 * before, which writes every IPv4 address in four numbers, and IPv6 in brackets.
 */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Names that no public DNS server answers for, and that networks use inside.
 * @see https://www.iana.org/assignments/special-use-domain-names
 */
const INTERNAL = /\.(?:alt|arpa|corp|home|intern|internal|intranet|lan|local|localdomain|localhost|onion|private)$/;

/**
 * Whether text is an https URL on a host with a public name: no IP address, port, credentials or fragment. Requests for
 * such a URL cannot reach a service inside a network by its address, and TLS proves the name of the host.
 */
export function isPublicUrl(text: string): boolean {
  if (/[^\x21-\x7e]|\\/.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, hostname, port, hash } = new URL(text);
  const isPlain = username === '' && password === '' && port === '' && hash === '';
  return protocol === 'https:' && isPlain && HOST.test(hostname) && !INTERNAL.test(hostname);
}
