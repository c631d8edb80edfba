/** Query strings that a URL of Twilio may have, by name. */
export const TWILIO_QUERIES = {
  'no parameter': '',
  'a parameter': 'orderId=42',
  'a space as %20': 'note=a%20b&orderId=7',
  'a space as +': 'note=a+b&orderId=7',
  'encoded characters': 'at=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B',
  'the same characters as they are': "at=:/?@!$'()*,;",
  'the same characters as they are, and spaces as %20': "at=:/?%20@!$'()*,;",
  'the same characters as they are, and spaces as +': "at=:/?+@!$'()*,;",
  'separators within a value': 'next=a%26b%3Dc%2Bd%23e%25',
  'a name without a value': 'flag',
  'a name with an empty value': 'flag=',
  'a name without a value and spaces as +': 'flag&note=a+b',
  'letters beyond ASCII': 'name=%E2%9C%94%C3%A9',
  'a name twice': 'a=2&a=1',
} as const;
