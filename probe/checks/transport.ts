import { once } from 'node:events';
import { type ConnectionOptions, connect, type SecureVersion } from 'node:tls';
import type { Prober } from '../prober.ts';
import { hostAndPort, serverName } from '../wire.ts';
import { type Check, type Finding, failed, https, inconclusive, passed, remote } from './check.ts';

const plainHttp: Check = {
  id: 'plain-http',
  title: 'The endpoint is not served over plain HTTP.',
  failedTitle: 'The endpoint is served over plain HTTP',
  severity: 'high',
  why: 'Over plain HTTP, anyone on the network path can read events, tokens and signatures.',
  fix: 'Serve HTTPS only: close port 80, or redirect it.',
  requests: 1,
  needs: [remote],
  async run(prober) {
    if (prober.target.url.protocol === 'http:') return failed('The endpoint itself has a plain http URL.');
    const url = new URL(prober.target.url.href.replace(/^https:/, 'http:'));
    url.port = '';
    const expected = 'Port 80 does not respond, or refuses or redirects the request.';
    const response = await prober.send('an unsigned request to port 80', prober.event(), { url, expected });
    const { status } = response;
    if (status === undefined) return passed('Port 80 does not respond.');
    const isRefused = (status >= 300 && status < 400) || status === 403 || status === 426;
    const detail = `The response to an unsigned request to port 80 was ${status}.`;
    return prober.conclude(response, isRefused ? passed(detail) : failed(detail));
  },
};

const certificate: Check = {
  id: 'certificate',
  title: 'The TLS certificate is valid for at least another week.',
  failedTitle: 'The TLS certificate is not valid for another week',
  severity: 'high',
  why: 'Senders that check the certificate stop sending when it expires. Senders that do not check it can be intercepted.',
  fix: 'Renew the certificate automatically, and include every name of the endpoint in it.',
  requests: 0,
  needs: [https],
  async run(prober) {
    const { socket, failure } = await handshake(prober, {});
    if (!socket) return failed(`The TLS handshake failed: ${failure}.`);
    const { valid_to: validTo } = socket.getPeerCertificate();
    socket.destroy();
    const days = Math.floor((Date.parse(validTo) - Date.now()) / (24 * 3600 * 1000));
    const detail = `The certificate expires in ${days} days.`;
    return days < 7 ? failed(detail) : passed(detail);
  },
};

const OLD: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1'];

const oldTls: Check = {
  id: 'old-tls',
  title: 'TLS 1.0 and 1.1 are refused.',
  failedTitle: 'TLS 1.0 or 1.1 is accepted',
  severity: 'medium',
  why: 'Both versions are broken. RFC 8996 deprecates them.',
  fix: 'Set TLS 1.2 as the minimum version.',
  requests: 0,
  needs: [https],
  async run(prober) {
    const accepted: string[] = [];
    for (const version of OLD) {
      const options = {
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
        rejectUnauthorized: false,
      };
      const { socket, failure = '' } = await handshake(prober, options);
      socket?.destroy();
      if (socket) accepted.push(version);
      else if (/no protocols available|unsupported protocol version/i.test(failure)) return unsupported(version);
    }
    if (accepted.length === 0) return passed('The endpoint refused both versions.');
    return failed(`The endpoint accepted ${accepted.join(' and ')}.`);
  },
};

const unsupported = (version: string): Finding =>
  inconclusive(`The OpenSSL version on this machine does not support ${version}.`);

const strictTransport: Check = {
  id: 'strict-transport',
  title: 'Responses have a Strict-Transport-Security header.',
  failedTitle: 'Responses have no Strict-Transport-Security header',
  severity: 'low',
  why: 'Only browsers respect the header, and browsers do not call webhooks. It keeps people off plain HTTP on the same host.',
  fix: 'Send Strict-Transport-Security: max-age=31536000.',
  requests: 0,
  needs: [https],
  async run({ responses }) {
    const headers = responses.flatMap(({ response }) => response.headers);
    const isSent = headers.some(([name]) => name.toLowerCase() === 'strict-transport-security');
    if (isSent) return passed('A response has the header.');
    return inconclusive('No response has the header. For an endpoint that no browser calls, this is no vulnerability.');
  },
};

async function handshake({ target, settings }: Prober, options: ConnectionOptions) {
  const { hostname: host, port } = hostAndPort(target.url);
  const socket = connect({ host, port, ...serverName(host), ...options });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(settings.timeoutMs) });
    return { socket };
  } catch (error) {
    socket.destroy();
    return { failure: (error as Error).message };
  }
}

export const transportChecks: readonly Check[] = [plainHttp, certificate, oldTls, strictTransport];
