/** The attributes of an item that hold a payload. */
export interface PayloadAttributes {
  /** The bytes as received: text, or compressed bytes where `payload_encoding` names the compression. */
  readonly payload?: string | Uint8Array;
  readonly payload_encoding?: 'gzip';
  /** Replaces `payload` where that is too large for an item: a key in the payload bucket. */
  readonly payload_object?: string;
  /** Hex SHA-256 of the uncompressed payload. */
  readonly payload_sha256: string;
}

/** An object of the payload bucket. */
export interface PayloadObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A payload in the form in which it is stored. */
export interface EncodedPayload {
  readonly attributes: PayloadAttributes;
  /** To be written to the payload bucket before the item; undefined where the item holds the payload. */
  readonly object?: PayloadObject;
}
