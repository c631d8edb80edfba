import { once } from 'node:events';
import { type ConnectionOptions, connect, type SecureVersion } from 'node:tls';
import type { Prober } from '../prober.ts';
import { hostAndPort, serverName } from '../wire.ts';
import { type Check, type Finding, failed, https, inconclusive, passed, remote } from './check.ts';

const plainHttp: Check = {
  id: 'plain-http',
  title: 'Nothing is served without TLS.',
  severity: 'high',
  why: 'Over plain HTTP, whoever is on the way reads and captures events, tokens and signatures.',
  fix: 'Serve HTTPS alone: close port 80, or let it redirect.',
  requests: 1,
  needs: [remote],
  async run(prober) {
    if (prober.target.url.protocol === 'http:') return failed('The endpoint itself is a plain http URL.');
    const url = new URL(prober.target.url.href.replace(/^https:/, 'http:'));
    url.port = '';
    const { status } = await prober.send('an unsigned request to port 80', prober.event(), { url });
    if (status === undefined) return passed('Nothing answers on port 80.');
    const isRefused = (status >= 300 && status < 400) || status === 403 || status === 426;
    return isRefused ? passed(`Port 80 answers ${status}.`) : failed(`Port 80 answers ${status} to a request.`);
  },
};

const certificate: Check = {
  id: 'certificate',
  title: 'The certificate is valid, and will be for a week.',
  severity: 'high',
  why: 'Senders that check it stop sending, and senders that do not can be read by others.',
  fix: 'Have the certificate renewed by itself, and give it every name that the endpoint is called by.',
  requests: 0,
  needs: [https],
  async run(prober) {
    const { socket, failure } = await handshake(prober, {});
    if (!socket) return failed(`The handshake failed: ${failure}.`);
    const { valid_to: validTo } = socket.getPeerCertificate();
    socket.destroy();
    const days = Math.floor((Date.parse(validTo) - Date.now()) / (24 * 3600 * 1000));
    return days < 7 ? failed(`It ends in ${days} days.`) : passed(`It is valid for ${days} days more.`);
  },
};

const OLD: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1'];

const oldTls: Check = {
  id: 'old-tls',
  title: 'TLS 1.0 and 1.1 are refused.',
  severity: 'medium',
  why: 'Both are broken, and were withdrawn by RFC 8996.',
  fix: 'Set TLS 1.2 as the least version.',
  requests: 0,
  needs: [https],
  async run(prober) {
    const taken: string[] = [];
    for (const version of OLD) {
      const options = {
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
        rejectUnauthorized: false,
      };
      const { socket, failure = '' } = await handshake(prober, options);
      socket?.destroy();
      if (socket) taken.push(version);
      else if (/no protocols available|unsupported protocol version/i.test(failure)) return unable(version);
    }
    return taken.length > 0 ? failed(`${taken.join(' and ')} was accepted.`) : passed('Both were refused.');
  },
};

const unable = (version: string): Finding => inconclusive(`The OpenSSL of this machine cannot speak ${version}.`);

const strictTransport: Check = {
  id: 'strict-transport',
  title: 'Strict-Transport-Security is sent.',
  severity: 'low',
  why: 'Only browsers heed it, and none should call a webhook; it keeps people off plain HTTP on the same host.',
  fix: 'Send Strict-Transport-Security: max-age=31536000.',
  requests: 0,
  needs: [https],
  async run({ seen }) {
    const isSent = seen.some(({ answer }) =>
      answer.headers.some(([name]) => name.toLowerCase() === 'strict-transport-security'),
    );
    return isSent
      ? passed('It is sent.')
      : inconclusive('No answer had it; for an endpoint that no browser calls, that is no hole.');
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
