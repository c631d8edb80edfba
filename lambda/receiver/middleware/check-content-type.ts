import { MIMEType } from 'node:util';
import { onlyValue } from '../../signature/signed-request.ts';
import { type DeliveryMiddleware, isWithoutBody } from '../delivery.ts';
import { Problem } from '../problem.ts';

/** Lets through what the provider sends, in UTF-8; 415 for everything else. */
export function checkContentType(): DeliveryMiddleware {
  return {
    before({ event: delivery }) {
      if (isWithoutBody(delivery.method)) return;
      const contentType = onlyValue(delivery.headers, 'content-type');
      if (contentType === undefined) throw new Problem('unsupported_media_type');
      const { contentTypes } = delivery.source.provider;
      delivery.mediaType = contentTypes.includes(contentType) ? contentType : mediaTypeOf(contentType, contentTypes);
    },
  };
}

function mediaTypeOf(contentType: string, accepted: readonly string[]): string {
  const { essence, params } = parse(contentType);
  const isUtf8 = /^utf-?8$/i.test(params.get('charset') ?? 'utf-8');
  if (!isUtf8 || !accepted.includes(essence)) throw new Problem('unsupported_media_type');
  return essence;
}

function parse(contentType: string): MIMEType {
  try {
    return new MIMEType(contentType);
  } catch {
    throw new Problem('unsupported_media_type');
  }
}
