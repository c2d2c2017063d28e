const commandSequence = String.raw`\u001b\[[0-?]*[ -/]*[@-~]`;
const titleSequence = String.raw`\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)`;
/** Control characters but line break and tab, and the marks that turn the direction of text around. */
const invisible = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]`;

const controls = new RegExp(`${commandSequence}|${titleSequence}|${invisible}`, 'g');

/** Text from a model, a program or a file as it may be shown: it cannot steer the terminal. Line breaks and tabs stay. */
export function plainText(text: string): string {
  return text.replace(controls, '');
}

/** The first line of a text, cut to a number of characters. */
export function oneLine(text: string, width: number): string {
  const lines = plainText(text).trim().split('\n');
  const line = (lines[0] ?? '').replaceAll('\t', ' ').trim();
  const cut = line.length > width || lines.length > 1;
  return cut ? `${line.slice(0, width - 1).trimEnd()}…` : line;
}
