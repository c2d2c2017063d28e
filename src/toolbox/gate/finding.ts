const longestFinding = 500;
const mostFindings = 20;

/** What nobody sees on a screen, or what changes the order of what they see. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** One line with everything in it visible, of a length that can be read. */
export function visible(text: string, longest = longestFinding): string {
  // Cut first: what a tool prints may be very long.
  const line = text.slice(0, longest * 2).replace(invisible, escapeOf);
  return line.length <= longest && text.length <= longest * 2 ? line : `${line.slice(0, longest - 1)}…`;
}

/** The first findings as lines; of more than can be read it is told how many there are. */
export function asFindings(texts: readonly string[]): readonly string[] {
  const findings = [...new Set(texts.map((text) => visible(text)))];
  if (findings.length <= mostFindings) return findings;
  return [...findings.slice(0, mostFindings - 1), `… and ${findings.length - mostFindings + 1} more of this kind`];
}

const longestValue = 160;
const longestText = 80;
const mostItems = 8;

/** A JSON value as it can stand within a finding: of long texts and lists the beginning, and how long they are. */
export function shown(value: unknown, longest = longestValue): string {
  return visible(JSON.stringify(value, (_, part: unknown) => shortened(part)) ?? 'nothing', longest);
}

function shortened(part: unknown): unknown {
  if (typeof part === 'string' && part.length > longestText)
    return `${part.slice(0, longestText / 2)}… (${part.length} characters)`;
  if (Array.isArray(part) && part.length > mostItems)
    return [...part.slice(0, mostItems / 2), `… ${part.length} items`];
  return part;
}

function escapeOf(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
