/** An answer beyond this costs more of the model's attention than it is worth. */
const longestAnswerBytes = 50_000;

/** A text within the limit, in whole characters; what is left out is said. */
export function withinLimit(text: string, limit = longestAnswerBytes): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= limit) return text;
  const kept = bytes.subarray(0, wholeCharacters(bytes, limit)).toString('utf8');
  return `${kept}\n[cut: ${bytes.length} bytes in all, an answer has at most ${limit}]`;
}

/** The last boundary between two characters that is not behind the limit. */
function wholeCharacters(bytes: Buffer, limit: number): number {
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
  return end;
}
