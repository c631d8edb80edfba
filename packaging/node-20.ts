/** What the command uses, and Node.js 20 does not have. The bundle and packaging/typescript.mjs begin with this. */

URL.parse ??= (url, base) => (URL.canParse(String(url), base?.toString()) ? new URL(url, base) : null);

Map.groupBy ??= <K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K) => {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

// The SDK warns of its later versions. The lock file and the bundle have one that runs on Node.js 20.
if (process.version.startsWith('v20.')) process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
