/** Turns a source's name into part of a construct id or of an output's name: `stripe-eu` becomes `StripeEu`. */
export function constructId(sourceName: string): string {
  return sourceName.replace(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase());
}
