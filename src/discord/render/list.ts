import { duration } from '../../domain/amounts.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { limits } from './limits.ts';

/** Kept for the line that says how many are left out. */
const roomForRest = 40;

/** As many lines as one message takes, and how many there are besides. */
export function listed(heading: string, lines: readonly string[]): Outgoing {
  let content = heading;
  for (const [index, line] of lines.entries()) {
    if (content.length + 1 + line.length > limits.content - roomForRest) {
      return { content: `${content}\n…and ${lines.length - index} more` };
    }
    content += `\n${line}`;
  }
  return { content };
}

/** Parts of a line; what is empty is left out. */
export function dotted(...parts: readonly string[]): string {
  return parts.filter((part) => part.trim() !== '').join(' · ');
}

export function age(nowMs: number, then: Date): string {
  return `${duration(nowMs - then.getTime())} ago`;
}

/** An id or a name, as a person copies it. */
export function code(id: string): string {
  return `\`${id.replaceAll('`', '')}\``;
}
