/**
 * The URL of Systems Manager in a region.
 * @param endpoint replaces that of AWS, if it is set
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html
 */
export function parameterStoreUrl(region: string, endpoint?: string): string {
  return endpoint ?? `https://ssm.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
