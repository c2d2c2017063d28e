const commandSequence = String.raw`\u001b\[[0-?]*[ -/]*[@-~]`;
const titleSequence = String.raw`\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)`;
/** Control characters but line break and tab, what breaks a line unseen, and the marks that turn the direction of text around. */
const invisible = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]`;

const controls = new RegExp(`${commandSequence}|${titleSequence}|${invisible}`, 'g');

/** Text from a model, a program or a file as it may be shown: it cannot steer a terminal, nor hide what it says. Line breaks and tabs stay. */
export function plainText(text: string): string {
  return text.replace(controls, '');
}
