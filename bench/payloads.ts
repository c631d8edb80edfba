import { createHash } from 'node:crypto';

// Generated payloads with the structure and the size of real ones. The same id gives the same payload. Commit hashes and
// the like are real hashes, because constants would compress better.

const hash = (text: string) => createHash('sha1').update(text).digest('hex');

const USER_LINKS = [
  'followers',
  'following{/other_user}',
  'gists{/gist_id}',
  'starred{/owner}{/repo}',
  'subscriptions',
  'orgs',
  'repos',
  'events{/privacy}',
  'received_events',
];

const REPOSITORY_LINKS = [
  'forks',
  'keys{/key_id}',
  'collaborators{/collaborator}',
  'teams',
  'hooks',
  'issues/events{/number}',
  'events',
  'assignees{/user}',
  'branches{/branch}',
  'tags',
  'git/blobs{/sha}',
  'git/tags{/sha}',
  'git/refs{/sha}',
  'git/trees{/sha}',
  'statuses/{sha}',
  'languages',
  'stargazers',
  'contributors',
  'subscribers',
  'subscription',
  'commits{/sha}',
  'git/commits{/sha}',
  'comments{/number}',
  'issues/comments{/number}',
  'contents/{+path}',
  'compare/{base}...{head}',
  'merges',
  'downloads',
  'issues{/number}',
  'pulls{/number}',
  'milestones{/number}',
  'notifications{?since,all,participating}',
  'labels{/name}',
  'releases{/id}',
  'deployments',
];

const nameOf = (link: string) => `${(link.split('{')[0] ?? '').replaceAll(/\W+/g, '_').replace(/_$/, '')}_url`;

function links(base: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [nameOf(path), `${base}/${path}`]));
}

function user(login: string, id: number) {
  return {
    login,
    id,
    node_id: Buffer.from(`04:User${id}`).toString('base64'),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url: `https://api.github.com/users/${login}`,
    html_url: `https://github.com/${login}`,
    ...links(`https://api.github.com/users/${login}`, USER_LINKS),
    type: 'User',
    user_view_type: 'public',
    site_admin: false,
  };
}

function repository(fullName: string) {
  const name = fullName.split('/').at(-1);
  const base = `https://api.github.com/repos/${fullName}`;
  return {
    id: 186_853_002,
    node_id: 'MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=',
    name,
    full_name: fullName,
    private: false,
    owner: {
      name: 'Codertocat',
      email: '21031067+Codertocat@users.noreply.github.com',
      ...user('Codertocat', 21_031_067),
    },
    html_url: `https://github.com/${fullName}`,
    description: 'Widgets, and what holds them together',
    fork: false,
    url: `https://github.com/${fullName}`,
    ...links(base, REPOSITORY_LINKS),
    created_at: 1_557_933_565,
    updated_at: '2026-11-20T15:20:41Z',
    pushed_at: 1_795_435_200,
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    clone_url: `https://github.com/${fullName}.git`,
    svn_url: `https://github.com/${fullName}`,
    homepage: null,
    size: 18_231,
    stargazers_count: 412,
    watchers_count: 412,
    language: 'TypeScript',
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: true,
    has_discussions: false,
    forks_count: 61,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 27,
    license: { key: 'mit', name: 'MIT License', spdx_id: 'MIT', url: 'https://api.github.com/licenses/mit' },
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: ['widgets', 'serverless'],
    visibility: 'public',
    forks: 61,
    open_issues: 27,
    watchers: 412,
    default_branch: 'main',
    stargazers: 412,
    master_branch: 'main',
  };
}

const AUTHORS = ['mona', 'hubot', 'octavia'].map((username) => ({
  name: username,
  email: `${username}@users.noreply.github.com`,
  username,
}));

const SUBJECTS = [
  'Refuse a widget without a handle',
  'Bump the parser: it reads dates now',
  'Name the retry limit, and test it',
  'Fix a race between two writers',
];

function commit(fullName: string, seed: string) {
  const id = hash(seed);
  const pick = Number.parseInt(id.slice(0, 4), 16);
  const files = [0, 1, 2].map((part) => `src/widgets/${id.slice(part * 6, part * 6 + 6)}.ts`);
  const author = AUTHORS[pick % AUTHORS.length];
  return {
    id,
    tree_id: hash(`tree of ${seed}`),
    distinct: true,
    message: `${SUBJECTS[pick % SUBJECTS.length]} (#${pick})\n\nSee ${id.slice(0, 8)} for what led to it.`,
    timestamp: '2026-11-20T15:20:30+01:00',
    url: `https://github.com/${fullName}/commit/${id}`,
    author,
    committer: author,
    added: files.slice(0, 1),
    removed: [],
    modified: files.slice(1),
  };
}

/** Commits of a push: with ten, the payload has about 14 KB. */
const COMMITS = 10;

/**
 * The payload of a GitHub push.
 * @see https://docs.github.com/webhooks/webhook-events-and-payloads#push
 */
export function githubPush(id: string) {
  const fullName = 'Codertocat/Hello-World';
  const commits = Array.from({ length: COMMITS }, (_, index) => commit(fullName, `${id} ${index}`));
  const [before, after] = [hash(`before ${id}`), commits.at(-1)?.id ?? ''];
  return {
    ref: 'refs/heads/main',
    before,
    after,
    repository: repository(fullName),
    pusher: { name: 'Codertocat', email: '21031067+Codertocat@users.noreply.github.com' },
    sender: user('Codertocat', 21_031_067),
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/${fullName}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits,
    head_commit: commits.at(-1),
  };
}

/**
 * The payload of a paid Stripe invoice.
 * @param time epoch seconds
 * @see https://docs.stripe.com/api/events/object
 */
export function stripeInvoice(id: string, time: number) {
  const token = (what: string) => `${what}_1Q${hash(`${what} ${id}`).slice(0, 22)}`;
  const invoice = token('in');
  const hosted = hash(`hosted ${id}`).repeat(2);
  return {
    id: `evt_${id}`,
    object: 'event',
    api_version: '2026-09-30.clover',
    created: time,
    data: {
      object: {
        id: invoice,
        object: 'invoice',
        account_country: 'IE',
        account_name: 'Widgets Ltd',
        account_tax_ids: null,
        amount_due: 4200,
        amount_paid: 4200,
        amount_overpaid: 0,
        amount_remaining: 0,
        amount_shipping: 0,
        application: null,
        attempt_count: 1,
        attempted: true,
        auto_advance: false,
        automatic_tax: {
          disabled_reason: null,
          enabled: true,
          liability: { type: 'self' },
          provider: 'stripe',
          status: 'complete',
        },
        billing_reason: 'subscription_cycle',
        collection_method: 'charge_automatically',
        created: time - 3600,
        currency: 'eur',
        custom_fields: null,
        customer: token('cus'),
        customer_address: {
          city: 'Dublin',
          country: 'IE',
          line1: '1 Main Street',
          line2: null,
          postal_code: 'D01',
          state: null,
        },
        customer_email: 'someone@example.com',
        customer_name: 'Some One',
        customer_phone: null,
        customer_tax_exempt: 'none',
        default_payment_method: null,
        description: null,
        discounts: [],
        due_date: null,
        effective_at: time - 60,
        ending_balance: 0,
        hosted_invoice_url: `https://invoice.stripe.com/i/acct_1Q/live_${hosted}?s=ap`,
        invoice_pdf: `https://pay.stripe.com/invoice/acct_1Q/live_${hosted}/pdf?s=ap`,
        lines: {
          object: 'list',
          data: [
            {
              id: token('il'),
              object: 'line_item',
              amount: 4200,
              currency: 'eur',
              description: '1 × Widgets (at €42.00 / month)',
              discountable: true,
              discounts: [],
              invoice,
              livemode: true,
              metadata: { plan: 'team' },
              parent: {
                invoice_item_details: null,
                subscription_item_details: {
                  proration: false,
                  subscription: token('sub'),
                  subscription_item: token('si'),
                },
                type: 'subscription_item_details',
              },
              period: { end: time + 2_592_000, start: time },
              pricing: { price_details: { price: token('price'), product: token('prod') }, type: 'price_details' },
              quantity: 1,
              taxes: [{ amount: 785, tax_behavior: 'inclusive', tax_rate_details: { tax_rate: token('txr') } }],
            },
          ],
          has_more: false,
          total_count: 1,
          url: `/v1/invoices/${invoice}/lines`,
        },
        livemode: true,
        metadata: { order: hash(`order ${id}`).slice(0, 12) },
        next_payment_attempt: null,
        number: `A1B2C3D4-${id.length}`,
        payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
        period_end: time,
        period_start: time - 2_592_000,
        receipt_number: null,
        status: 'paid',
        status_transitions: { finalized_at: time - 60, marked_uncollectible_at: null, paid_at: time, voided_at: null },
        subtotal: 4200,
        total: 4200,
        webhooks_delivered_at: time - 3600,
      },
    },
    livemode: true,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: 'invoice.paid',
  };
}
