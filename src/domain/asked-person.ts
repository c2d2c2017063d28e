import * as z from 'zod';

/** What a coding agent asks a person in the middle of its work: a call that waits in its session until it is answered. */
export const personCallSchema = z.object({
  /** Of the tool call. */
  id: z.string(),
  questions: z
    .array(
      z.object({
        question: z.string(),
        options: z.array(z.object({ label: z.string(), description: z.string().default('') })).default([]),
        multiSelect: z.boolean().exactOptional(),
      }),
    )
    .min(1),
  /** It asks for a tool: what becomes of the request is the answer. */
  isToolRequest: z.literal(true).exactOptional(),
});

export type PersonCall = z.infer<typeof personCallSchema>;

/** A call with the person's words. */
export type AnsweredCall = PersonCall & { readonly words: string };

const longestText = 6_000;

/** The call as a person reads it: every question with its options. */
export function textOfCall({ questions }: PersonCall): string {
  const blocks = questions.map(({ question, options }, index) => {
    const number = questions.length === 1 ? '' : `${index + 1}. `;
    const offered = options.map(
      ({ label, description }) => `- ${label}${description === '' ? '' : `: ${description}`}`,
    );
    return [`${number}${question}`, ...offered].join('\n');
  });
  return blocks.join('\n').slice(0, longestText);
}

/** What one word answers: the options of a call that asks a single thing, and takes a single one of them. */
export function suggestionsOf({ questions }: PersonCall): string[] {
  const [only, ...more] = questions;
  return !only || more.length > 0 || only.multiSelect ? [] : only.options.map(({ label }) => label);
}

/** The person's words for each of the questions. */
export function answersOf({ questions, words }: AnsweredCall): Record<string, string> {
  return Object.fromEntries(questions.map(({ question }) => [question, words]));
}
