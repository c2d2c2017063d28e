import type { OwnTool, ToolSource } from '../toolbox.ts';
import { type CheckedTool, checkedTool, checkedTools, listableTools, listedTool } from './answer-call.ts';

/** What a mount offers, fixed or changing. */
export type Offer = {
  readonly mayChange: boolean;
  listed(): Promise<readonly OwnTool[]>;
  find(name: string): Promise<CheckedTool | undefined>;
  onChange(listener: () => void): () => void;
};

/** Throws `ToolNotServable` for a list; what cannot be served of a source is left out, and told. */
export function offerOf(tools: readonly OwnTool[] | ToolSource, onProblem: (problem: string) => void): Offer {
  return 'tools' in tools ? changingOffer(tools, onProblem) : fixedOffer(tools);
}

function fixedOffer(tools: readonly OwnTool[]): Offer {
  const byName = checkedTools(tools);
  return {
    mayChange: false,
    listed: async () => tools,
    find: async (name) => byName.get(name),
    onChange: () => () => undefined,
  };
}

function changingOffer(source: ToolSource, onProblem: (problem: string) => void): Offer {
  /** What was told already: the same tools are asked for again and again. */
  const told = new Set<string>();
  async function offered(): Promise<readonly OwnTool[]> {
    try {
      return await source.tools();
    } catch (error) {
      onProblem(`the tools cannot be listed: ${String(error)}`);
      throw new Error('the tools cannot be listed at this moment');
    }
  }
  return {
    mayChange: true,
    async listed() {
      const listable = listableTools(await offered(), ({ message }) => {
        if (!told.has(message)) onProblem(message);
        told.add(message);
      });
      return [...listable.values()];
    },
    async find(name) {
      const tool = listedTool(await offered(), name);
      return tool && checkedTool(tool);
    },
    onChange: (listener) => source.onChange(listener),
  };
}
