import type { PriorityScore } from '../../domain/priority.ts';

/** `Priority: high (9 × 7 = 63)`: how important and how urgent, each 1..10, and the band of the product. */
export function priorityWords(importance: number, urgency: number, { score, band }: PriorityScore): string {
  return `Priority: ${band} (${importance} × ${urgency} = ${score})`;
}
