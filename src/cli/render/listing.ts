import { paragraph } from '../plain-text.ts';
import { width } from './signs.ts';

/** The longest line of an answer fits into it; what is longer is nothing that a person would read here. */
const mostLines = 24;

/** What somebody wrote, whole, behind a sign and broken between words; further lines stand below the first word. */
export function worded(sign: string, text: string): string[] {
  const indent = ' '.repeat(sign.length);
  return paragraph(text, { width, most: mostLines }).map((line, index) => `${index === 0 ? sign : indent}${line}`);
}

/** `1. …` */
export function numbered(texts: readonly string[]): string[] {
  return texts.flatMap((text, index) => worded(`${index + 1}. `, text));
}

/** `- …` */
export function bulleted(texts: readonly string[]): string[] {
  return texts.flatMap((text) => worded('- ', text));
}

/** Lines that belong together below a heading, with an empty line before it; nothing when there are none. */
export function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines];
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
