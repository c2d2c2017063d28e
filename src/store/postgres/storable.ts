/** NUL and lone surrogates: JavaScript allows both in a string, PostgreSQL refuses both in `text` and `jsonb`. */
const refused = /\0|\p{Cs}/gu;
const replacement = '\uFFFD';

/** The same text with every character that PostgreSQL refuses replaced by U+FFFD. */
export function storableText(text: string): string {
  return text.replace(refused, replacement);
}

/** The value as JSON, its strings and keys made storable as `storableText` does. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) => {
    if (typeof entry === 'string') return storableText(entry);
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
    const named = Object.entries(entry);
    return named.some(([name]) => name !== storableText(name))
      ? Object.fromEntries(named.map(([name, inner]) => [storableText(name), inner]))
      : entry;
  });
}
