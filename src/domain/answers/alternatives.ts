import * as z from 'zod';
import { line } from './parts.ts';

/** The creative innovator's other ways, and what everybody took for granted. */
export const alternativesSchema = z.object({
  kind: z.literal('alternatives'),
  alternatives: z
    .array(z.object({ name: line, idea: line, cost: line, risk: line, firstExperiment: line }))
    .min(3)
    .max(8),
  assumptions: z
    .array(z.object({ assumption: line, test: line }))
    .min(1)
    .max(10),
});

export type Alternatives = z.infer<typeof alternativesSchema>;

/** Of two ideas, the part of the words that they share: above it they are one idea in two wordings. */
const mostShared = 0.7;

/** Alternatives that are not really different from one another. */
export function problemsOfAlternatives({ alternatives }: Alternatives): string[] {
  const problems: string[] = [];
  alternatives.forEach((one, index) => {
    for (const other of alternatives.slice(index + 1)) {
      if (one.name.toLowerCase() === other.name.toLowerCase())
        problems.push(`two alternatives are called "${one.name}"`);
      else if (sharedWords(one.idea, other.idea) > mostShared)
        problems.push(`"${one.name}" and "${other.name}" are the same idea in other words`);
    }
  });
  return problems;
}

/** 0..1: how many of all the words of both are in both. */
function sharedWords(one: string, other: string): number {
  const [first, second] = [wordsOf(one), wordsOf(other)];
  const shared = [...first].filter((word) => second.has(word)).length;
  const all = new Set([...first, ...second]).size;
  return all === 0 ? 1 : shared / all;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}
