/** Makes text of about a length that is repetitive in one way. */
export type Filler = (length: number) => string;

/** Repeats a text. */
const repeated =
  (text: string): Filler =>
  (length) =>
    text.repeat(Math.floor(length / text.length));

/** Numbers a text. @param part in which the number is in place of `#` */
const numbered =
  (part: string, separator: string): Filler =>
  (length) => {
    const parts: string[] = [];
    for (let left = length; left > 0; left -= (parts.at(-1) ?? '').length + separator.length) {
      parts.push(part.replaceAll('#', String(parts.length)));
    }
    return parts.join(separator);
  };

const wrapped =
  (before: string, filler: Filler, after: string): Filler =>
  (length) =>
    before + filler(length) + after;

const nested =
  (opening: string, innermost: string, closing: string): Filler =>
  (length) => {
    const depth = Math.floor(length / (opening.length + closing.length));
    return opening.repeat(depth) + innermost + closing.repeat(depth);
  };

/** Keys that older versions of Node.js hash to few values: https://nodejs.org/en/blog/vulnerability. */
const collidingKeys: Filler = (length) => {
  const keys = Array.from({ length: Math.floor(length / 12) }, (_, index) => `"${(index + 1) * 1024}":1`);
  return `{${keys.join()}}`;
};

/** JSON values. */
export const JSON_VALUES: Readonly<Record<string, Filler>> = {
  'an object of many fields': wrapped('{', numbered('"k#":#', ','), '}'),
  'an object of colliding keys': collidingKeys,
  'an object of one key': wrapped('{', repeated('"k":1,'), '"k":1}'),
  'a list of objects': wrapped('[', repeated('{},'), '{}]'),
  'nested lists': nested('[', '', ']'),
  'nested objects': nested('{"k":', '1', '}'),
  'lists 99 levels deep': wrapped('[', repeated(`${'['.repeat(95)}${']'.repeat(95)},`), '[]]'),
  'a number of many digits': wrapped('1', repeated('0'), ''),
  'a fraction of many digits': wrapped('0.', repeated('0'), '1'),
  'many inexact numbers': wrapped('[', repeated('12345678901234567890.10,'), '1e400]'),
  'a string of escapes': wrapped('"', repeated('\\u0061\\"\\\\'), '"'),
  'a string of surrogates': wrapped('"', repeated('\\ud83d\\ude00'), '"'),
  'a string of numbers': wrapped('"', repeated(': 11111111111.11e,'), '"'),
  'a string of digits': wrapped('" ', repeated('1'), 'x"'),
  'white space': wrapped('[', repeated(' \n\t'), ']'),
};

/** Bodies that are no JSON, or not only. */
export const RAW_BODIES: Readonly<Record<string, Filler>> = {
  'only opening brackets': repeated('['),
  'only white space': repeated(' '),
  'only quotation marks': repeated('"'),
  'only line breaks': repeated('\r\n'),
};

/** Forms and query strings. */
export const FORMS: Readonly<Record<string, Filler>> = {
  'parameters of distinct names': numbered('p#=#', '&'),
  'parameters of one name': numbered('p=#', '&'),
  'equal parameters': repeated('p=1&'),
  'names with a long common beginning': numbered(`${'p'.repeat(200)}#=1`, '&'),
  'a long value': wrapped('p=', repeated('v'), ''),
  'a value of escapes': wrapped('p=', repeated('%41%2B'), ''),
  'a value of reserved characters': wrapped('p=', repeated("!'()*"), ''),
  'only separators': repeated('&'),
  'only equals signs': repeated('='),
  'only plus signs': repeated('+'),
};

/** Values of headers. */
export const HEADER_VALUES: Readonly<Record<string, Filler>> = {
  blanks: wrapped('a', repeated(' '), 'a'),
  'blanks and commas': repeated(' ,'),
  'many fields': numbered('v#=#', ','),
  'many signatures': repeated('v1=00,'),
  'many signatures of Standard Webhooks': repeated('v1,AAAA '),
  'only equals signs': repeated('='),
  'only semicolons': repeated(';'),
  'only zeros': repeated('0'),
  'the prefix and zeros': wrapped('sha256=', repeated('0'), ''),
};

/** What follows the media type in Content-Type. */
export const PARAMETERS_OF_TYPES: Readonly<Record<string, Filler>> = {
  'blanks and a character': wrapped(';', repeated(' '), 'x'),
  'many parameters': wrapped(';', numbered('p#=1', ';'), ''),
  'a quoted parameter': wrapped(';p="', repeated('\\"'), ''),
};

/** Characters of three bytes each in UTF-8; for up to 60,000 bytes, each occurs once. */
const distinctCharacters: Filler = (length) => {
  return Array.from({ length: length / 3 }, (_, index) => String.fromCodePoint(0x4e00 + (index % 20_000))).join('');
};

/** URLs that are not the provider's. */
export const URLS: Readonly<Record<string, Filler>> = {
  'a host of distinct characters': wrapped('https://', distinctCharacters, '/'),
  'a host of many labels': wrapped('https://', repeated('a.'), '/'),
  'a host in Punycode': wrapped('https://xn--', repeated('a'), '-9c/'),
  'a path of parents': wrapped('https://a/', repeated('a/../'), ''),
  'a path of escapes': wrapped('https://a/', repeated('%2e%2e/'), ''),
};
