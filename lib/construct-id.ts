/** A source's name as part of a logical id or an output's name: `stripe-eu` becomes `StripeEu`. */
export function constructId(sourceName: string): string {
  return sourceName.replace(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase());
}
