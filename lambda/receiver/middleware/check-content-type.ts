import { MIMEType } from 'node:util';
import { onlyValue } from '../../signature/signed-request.ts';
import type { Middleware } from '../chain.ts';
import { isWithoutBody, type Received, type Routed, type Typed } from '../delivery.ts';
import { FORM_TYPE } from '../parse-payload.ts';
import { Problem } from '../problem.ts';

/** Parsing a longer header takes time that a caller could choose, and no provider sends one. */
const MAX_LENGTH = 256;

/** Lets through what the provider sends, in UTF-8; 415 for everything else. */
export function checkContentType(): Middleware<Received & Routed, Typed> {
  return {
    before({ method, headers, source }) {
      if (method === 'GET' && source.provider.sendsQuery) return { mediaType: FORM_TYPE };
      if (isWithoutBody(method)) return { mediaType: undefined };
      const contentType = onlyValue(headers, 'content-type');
      if (contentType === undefined || contentType.length > MAX_LENGTH) throw new Problem('unsupported_media_type');
      const { contentTypes } = source.provider;
      const isPlain = contentTypes.includes(contentType);
      return { mediaType: isPlain ? contentType : mediaTypeOf(contentType, contentTypes) };
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
