import { MIMEType } from 'node:util';
import { type DeliveryMiddleware, isWithoutBody } from './delivery.ts';
import { Problem } from './problem.ts';

/** Lets through what the provider sends, in UTF-8; 415 for everything else. */
export function checkContentType(): DeliveryMiddleware {
  return {
    before({ event: { method, headers, source } }) {
      if (isWithoutBody(method)) return;
      const values = headers.get('content-type') ?? [];
      const [contentType] = values;
      if (contentType === undefined || values.length > 1) throw new Problem('unsupported_media_type');
      if (!isAccepted(contentType, source.provider.contentTypes)) throw new Problem('unsupported_media_type');
    },
  };
}

function isAccepted(contentType: string, accepted: readonly string[]): boolean {
  if (accepted.includes(contentType)) return true;
  const { essence, params } = parse(contentType) ?? {};
  const charset = params?.get('charset') ?? 'utf-8';
  return essence !== undefined && accepted.includes(essence) && /^utf-?8$/i.test(charset);
}

function parse(contentType: string): MIMEType | undefined {
  try {
    return new MIMEType(contentType);
  } catch {
    return undefined;
  }
}
