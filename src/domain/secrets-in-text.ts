/** What looks like a key of the one who wrote it; a tool gets secrets from its environment, when a human allowed that. */
const patterns: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g],
  ['a key of AWS', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['a token of GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,})\b/g],
  ['a token of GitLab', /\bglpat-[\w-]{20,}/g],
  ['a key of a model API', /\bsk-(?:ant-|proj-)?[\w-]{24,}/g],
  ['a key of Google', /\bAIza[\w-]{35}/g],
  ['a token of Slack', /\bxox[abeoprs]-[\w-]{10,}/g],
  ['a key of Stripe', /\b[rs]k_live_\w{16,}/g],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{30,}\b/g],
  ['a secret', /\b\w*(?:api_?key|secret|token|passw(?:or)?d|credential)\w*['"]?\s*[:=]\s*['"]([^'"\s]{16,})['"]/gi],
];

/** As documents and tests write what is no real one. */
const isMadeUp = /example|sample|dummy|placeholder|your[-_]|fake|xxxx|\*\*\*\*|12345678|<|\$\{/i;

export type FoundSecret = { readonly what: string; readonly line: number };

/** Secrets in a text; never what they are. */
export function secretsIn(text: string): readonly FoundSecret[] {
  return patterns.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const value = match[1] ?? match[0];
      if (isMadeUp.test(value) || (match[1] !== undefined && !isRandom(value))) return [];
      return [{ what, line: lineAt(text, match.index) }];
    }),
  );
}

const leastBits = 3.2;

/** Whether it has the mixture of characters of a key, which words do not have. */
function isRandom(value: string): boolean {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  const bits = [...counts.values()].reduce(
    (sum, count) => sum - (count / value.length) * Math.log2(count / value.length),
    0,
  );
  return bits >= leastBits && /\d/.test(value) && /[a-z]/i.test(value);
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
