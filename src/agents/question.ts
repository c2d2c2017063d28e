import * as z from 'zod';
import type { AgentRole } from '../domain/agent.ts';

/** What an agent is asked, and what its answer must be. All texts are for the model, none for people. */
export type AgentQuestion<Answer> = {
  readonly agent: AgentRole;
  /** `reading`: it reads the workspace with read-only tools before it answers; `thinking`: it has only what it is told. */
  readonly means: 'thinking' | 'reading';
  readonly instructions: string;
  readonly prompt: string;
  readonly schema: z.ZodType<Answer>;
  /** What is wrong with an answer of the right shape. */
  readonly problemsOf?: (answer: Answer) => readonly string[];
};

/** The shape of the answer for whoever asks a model: a JSON Schema, and how a value is read. */
export function shapeOf<Answer>({ schema, problemsOf }: Pick<AgentQuestion<Answer>, 'schema' | 'problemsOf'>) {
  return {
    jsonSchema: z.toJSONSchema(schema, { io: 'input' }),
    read(value: unknown): { readonly answer: Answer } | { readonly problems: readonly string[] } {
      const parsed = schema.safeParse(value);
      if (!parsed.success) {
        return {
          problems: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`),
        };
      }
      const problems = problemsOf?.(parsed.data) ?? [];
      return problems.length > 0 ? { problems } : { answer: parsed.data };
    },
  };
}
