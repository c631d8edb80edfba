import { isIP } from 'node:net';
import { Token } from 'aws-cdk-lib';

/**
 * Validates an allow-list of IP ranges.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateCidrs(cidrs: readonly string[]): string | undefined {
  if (!Array.isArray(cidrs)) return `allowedCidrs must be a list: ["203.0.113.0/24"], not ${JSON.stringify(cidrs)}.`;
  if (cidrs.length === 0) return 'allowedCidrs is empty, so nobody could call; leave it out to allow everyone.';
  return cidrs.map(validateCidr).find((message) => message !== undefined);
}

function validateCidr(cidr: string): string | undefined {
  if (Token.isUnresolved(cidr)) return undefined;
  const version = isIP(cidr);
  if (version !== 0) return `allowedCidrs has the address "${cidr}"; write the range "${cidr}/${bitsOf(version)}".`;
  if (!isCidr(cidr)) {
    return `allowedCidrs must have ranges such as "203.0.113.0/24" or "2001:db8::/32", not "${cidr}".`;
  }
  if (cidr.endsWith('/0')) return `allowedCidrs has "${cidr}", which is everyone; leave it out to allow everyone.`;
  return undefined;
}

function isCidr(text: unknown): boolean {
  const [, address = '', prefix = ''] = /^([\d.:a-f]+)\/(0|[1-9]\d{0,2})$/i.exec(String(text)) ?? [];
  return isIP(address) !== 0 && Number(prefix) <= bitsOf(isIP(address));
}

function bitsOf(version: number): number {
  return version === 6 ? 128 : 32;
}
