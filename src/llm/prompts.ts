import type { LlmQuestion } from './llm.ts';

/** More of them would not help a model to mend its answer. */
const mostProblems = 20;

/** The question with the shape of its answer: not every model API can be told of it in another way. */
export function promptOf({ prompt, shape }: Pick<LlmQuestion<unknown>, 'prompt' | 'shape'>): string {
  return `${prompt}\n\nAnswer with one JSON object and nothing else. It has to keep this JSON Schema:\n\n${JSON.stringify(shape.jsonSchema)}`;
}

/** The wish for a better answer. */
export function correctionOf(problems: readonly string[]): string {
  const listed = problems.slice(0, mostProblems).map((problem) => `- ${problem}`);
  const more = problems.length > mostProblems ? [`- and ${problems.length - mostProblems} more`] : [];
  return `Your answer cannot be used:\n\n${[...listed, ...more].join('\n')}\n\nAnswer once more, with the whole corrected JSON object and nothing else.`;
}
