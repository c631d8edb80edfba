import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { constructDocs } from '../../../cli/docs/reference/construct-docs.ts';
import { anchorsIn, linksIn } from '../../support/markdown.ts';

const ENTRY = { name: 'acme', file: 'lib/index.ts', text: 'All of Acme.' };

/** The page about a package whose entry exports what a file declares. */
function pageOf(declarations: string, exported = "export { Inbox, type InboxProps } from './inbox.ts';"): string {
  const files = new Map([
    ['lib/index.ts', exported],
    ['lib/inbox.ts', declarations],
  ]);
  return constructDocs([ENTRY], (path) => files.get(path) ?? '');
}

const INBOX = `
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** What an inbox is called. */
abstract class Named extends Construct {
  /** Calls the inbox. */
  call(): string { return ''; }
}

/** What an inbox counts. */
abstract class Counts extends Named {
  /** Name of the inbox. */
  abstract readonly inboxName: string;

  /** Events that were stored. */
  countStored({ unit, ...options }: InboxProps): number { return 1; }

  protected hidden(): void {}
}

/** Options of an inbox. */
export interface InboxProps {
  /**
   * How many events
   * are kept. See docs/tables.md#events-table.
   *
   * - \`1\`: the last one | the only one
   * - \`2\`: two
   * @default 1
   * @group Storage
   */
  readonly limit?: number;
  /**
   * Function that is called.
   * @group Functions
   */
  readonly target: LambdaFunction | IFunction;
  /** Names, of all kinds. @default - no names */
  readonly names?: readonly string[];
}

/** An inbox. It is small. */
export class Inbox extends Counts {
  /** Name. */
  readonly inboxName: string;
  private readonly secret: string;

  /** @throws {Error} if a prop is invalid */
  constructor(scope: Construct, id: string, props: InboxProps) {}

  /** The function. */
  get target(): IFunction | undefined { return undefined; }

  /**
   * An inbox of another stack.
   *
   * \`\`\`ts
   * Inbox.named('a');
   * \`\`\`
   * @param name of the
   * inbox
   * @returns the inbox
   * @see https://example.com/inboxes
   */
  static named(name: string, limit = 1): Inbox { return new Inbox(); }
}
`;

describe('docs/construct.md', () => {
  const page = readFileSync('docs/construct.md', 'utf8');

  it('is what `npm run docs` writes', () => {
    expect(page).toBe(constructDocs());
  });

  it('has no two headings with the same anchor, which links could not tell apart', () => {
    const anchors = anchorsIn(page);
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
  });

  it('links every prop whose type is in the package', () => {
    expect(linksIn(page)).toEqual(expect.arrayContaining(['#forwardingprops', '#throttle', '#sourcepropsof']));
  });
});

describe('the page about a package', () => {
  const page = pageOf(INBOX);

  it('has a table of props per group, with types, meanings and defaults', () => {
    expect(page).toContain(
      [
        '**Storage**',
        '',
        '| Name | Meaning | Default |',
        '|-|-|-|',
        '| **`limit`**<br>`number` | How many events are kept. See [docs/tables.md](tables.md#events-table).<br><br>' +
          '• `1`: the last one \\| the only one<br>• `2`: two | `1` |',
        '',
        '**Functions**',
      ].join('\n'),
    );
    expect(page).toContain('| **`names`**<br>`readonly string[]` | Names, of all kinds. | no names |');
  });

  it("marks what is required, and links the types of the CDK to the CDK's reference", () => {
    const lambda = 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda';
    expect(page).toContain(
      `| **\`target\`**<br>[\`Function\`](${lambda}.Function.html) \`\\|\` [\`IFunction\`](${lambda}.IFunction.html) | ` +
        'Function that is called. | **required** |',
    );
  });

  it('has the constructor, with its errors', () => {
    expect(page).toContain('new Inbox(scope: Construct, id: string, props: InboxProps)');
    expect(page).toContain('- `props`: [`InboxProps`](#inboxprops)\n- throws `Error` if a prop is invalid');
  });

  it('has a method with its example, parameters, result and source', () => {
    expect(page).toContain(
      [
        '#### Inbox.named',
        '```ts\nInbox.named(name: string, limit = 1): Inbox\n```',
        'An inbox of another stack.',
        "```ts\nInbox.named('a');\n```",
        '- `name`: of the inbox\n- returns the inbox',
        'See [example.com](https://example.com/inboxes).',
      ].join('\n\n'),
    );
  });

  it('has attributes and getters, and those methods that the class inherits from those that are not exported', () => {
    expect(page).toContain('| **`target`**<br>[`IFunction`]');
    expect(page).toContain('#### More of Inbox\n\nWhat an inbox counts.');
    expect(page).toContain('| **`countStored`**<br>`(options:` [`InboxProps`](#inboxprops)`) => number` |');
    expect(page).toMatch(/What an inbox is called\.\n\n(.*\n){2}\| \*\*`call`\*\*/);
  });

  it('has constants, and functions that are constants', () => {
    const values = `
      /** The part of an hour that counts. */
      export const HALF: number = 0.5;
      /** Doubles a number. */
      export const half = <T extends number>(value: T): number => value / 2;
    `;
    const text = pageOf(values, "export { HALF, half } from './inbox.ts';");
    expect(text).toContain('### HALF (value)\n\nThe part of an hour that counts.\n\n```ts\nconst HALF: number\n```');
    expect(text).toContain(
      '### half (function)\n\nDoubles a number.\n\n```ts\nhalf<T extends number>(value: T): number\n```',
    );
  });

  it('has nothing private', () => {
    expect(page).not.toMatch(/secret|hidden/);
  });

  it('has no constructor of a class of which only the type is exported', () => {
    expect(pageOf(INBOX, "export type { Inbox, InboxProps } from './inbox.ts';")).not.toContain('new Inbox(scope');
  });
});

describe('npm run docs fails for', () => {
  it.each([
    [
      'a prop without a docstring',
      '  /** Names, of all kinds. @default - no names */\n',
      '',
      'InboxProps.names has no docstring.',
    ],
    [
      'an optional prop without a default',
      ' @default - no names',
      '',
      'InboxProps.names is optional and has no @default.',
    ],
    ['an attribute without a docstring', '  /** Name. */\n', '', 'Inbox.inboxName has no docstring.'],
    ['a class without a docstring', '/** An inbox. It is small. */\n', '', 'Inbox has no docstring.'],
    ['a file that cannot be parsed', 'export class Inbox', 'export clas Inbox', 'lib/inbox.ts: '],
  ])('%s, and names it', (_, from, to, message) => {
    expect(() => pageOf(INBOX.replace(from, to))).toThrow(message);
  });

  it('an export of another kind, such as an enumeration, and names it', () => {
    expect(() => pageOf('export enum LIMIT {}', "export { LIMIT } from './inbox.ts';")).toThrow(
      'lib/index.ts exports LIMIT',
    );
  });
});
