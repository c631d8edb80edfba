/** Why a signature is not valid, and what to do. */
export const CAUSES = {
  'clock-off': 'The signed time is outside of the tolerance. Set the clock, or find out what delayed the request.',
  'secret-line-end':
    'The sender signs with a secret that ends in a line end or a space. Store the secret there again without it.',
  'secret-quoted': 'The secret is in quotes. Store it without them.',
  'secret-white-space': 'The secret has white space or invisible characters in it. Store it without them.',
  'secret-assignment': 'The secret is preceded by the name of a variable. Store what follows the "=".',
  'secret-in-json': 'The secret is a JSON object. Store the value in it as plain text.',
  'secret-escaped': 'The secret has escapes, such as "\\n" or "%2B", in place of the characters. Store the characters.',
  'secret-prefix-missing': 'The secret lacks its prefix. Store it as the provider shows it.',
  'secret-prefix': 'The secret has a prefix that is no part of the key. Store it without the prefix.',
  'secret-encoding': 'The key is right, but in another encoding. Store it as the provider shows it.',
  'secret-encoded': 'The secret is encoded once more, as Kubernetes shows secrets. Store the decoded text.',
  'secret-case': 'The secret has letters in the other case. Store it as the provider shows it.',
  'secret-line-breaks': 'The line breaks of the key are missing. Store the file of the key.',
  'secret-private':
    'This is a private key. Requests are verified with the public key, and nobody but the sender has the private one.',
  'secret-public': 'This is a public key, but the provider signs with a shared secret.',
  'secret-kind': 'The secret is no key of this scheme.',
  'body-serialised': 'The body was parsed and written again. Keep the raw bytes, before any JSON middleware.',
  'body-final-line-end':
    'The end of the body differs by a line end or white space. An editor or a template may have changed it.',
  'body-line-ends': 'The line ends of the body were changed. Save the body as bytes, not as text.',
  'body-bom': 'The body has a byte order mark too many or too few. Save it without changing its encoding.',
  'body-charset': 'The body was decoded with one character set and encoded with another. Keep the raw bytes.',
  'body-normal-form': 'The characters of the body were normalised (Unicode). Keep the raw bytes.',
  'body-form': 'The body was changed from a form to JSON, or decoded. The form is signed as it is sent.',
  'body-base64': 'The body is in base64, as API Gateway passes it to a function. Decode it first.',
  'body-compressed': 'The body is compressed. Decompress it first, or switch the compression of the proxy off.',
  'body-in-json': 'The body is in a JSON text. Take the text out of it.',
  'body-beyond-length':
    'The body goes on after the bytes that Content-Length counts. Something changed one, but not the other.',
  'body-empty':
    'The body is empty, but the headers announce one. Another reader, such as a middleware, may have consumed it.',
  'body-truncated': 'The body has fewer bytes than Content-Length counts.',
  'body-replaced':
    'The body has replacement characters (U+FFFD): bytes that were not text are lost. Keep the raw bytes.',
  'url-differs': 'The sender signed another URL. Set `publicUrl` to the URL that it was given.',
  'method-differs': 'The sender signed another method. A redirect or a proxy may have changed it.',
  'content-type-differs': 'The content type decides what is signed, and was changed.',
  'header-missing': 'A header that the scheme needs is missing. A proxy may drop it.',
  'header-repeated': 'The header of the signature is there more than once. Something adds a second one.',
  'header-joined': 'Two values of the signature are in one header, as proxies join a header that is there twice.',
  'header-renamed':
    'The signature is in another header than the provider’s. A proxy or a framework may have renamed it.',
  'other-provider': 'The signature is in the header of one provider, but is made as another provider makes it.',
  'signature-quoted': 'The signature is in quotes, which are no part of it.',
  'signature-white-space': 'The signature has white space in it.',
  'signature-escaped': 'The signature is percent-encoded. Decode it.',
  'signature-prefix': 'The prefix of the signature is missing, or is another one than the provider’s.',
  'signature-encoding': 'The signature is in another encoding than the provider’s.',
  'signature-hash': 'The signature is made with another hash than the provider’s.',
  'signature-content': 'The signature covers something else than the provider’s.',
  'signature-key': 'The key is used in another form than the provider’s.',
  'signature-truncated': 'The signature is cut off.',
  'signature-case': 'The letters of the signature were changed to one case.',
  'signature-missing': 'No header, parameter or field looks like a signature.',
  'setting-needed': 'The provider signs a setting of the source, which is not known here. Give it with --setting.',
  certificate:
    'The provider publishes what its signatures are verified with. Download it, and give the file with --published.',
  unknown:
    'No known scheme makes this signature with this secret. It may be the secret of another endpoint, of test mode, or the one before a rotation; or the body was changed.',
} as const;

/** The name of a cause. */
export type CauseName = keyof typeof CAUSES;

/** A cause with what is known of it in this request. */
export interface Cause {
  readonly name: CauseName;
  /** Never holds the secret, a signature or anything of the body. @default - nothing more */
  readonly detail?: string | undefined;
}
