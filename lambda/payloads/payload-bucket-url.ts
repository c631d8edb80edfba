/** How a bucket is addressed. */
export interface PayloadBucketAddress {
  /** The bucket's name. */
  readonly name: string;
  /** Such as `eu-north-1`. */
  readonly region: string;
  /** An endpoint that replaces AWS's. @default - the endpoint of the region */
  readonly endpoint?: string | undefined;
}

/**
 * The URL of the payload bucket.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function payloadBucketUrl({ name, region, endpoint }: PayloadBucketAddress): string {
  if (endpoint) return `${endpoint.replace(/\/$/, '')}/${name}`;
  return `https://${name}.s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
