import * as z from 'zod';
import type { Tool } from '../../domain/tool.ts';
import type { OwnTool } from '../toolbox.ts';
import { asOwnTool, type BuiltToolNeeds, type ToolCaller } from './as-own-tool.ts';

/** Beyond that a list helps nobody; whoever searches finds the others. */
const mostNames = 100;

const callInput = z.object({ name: z.string(), input: z.record(z.string(), z.unknown()) });

/** The one tool by which a session calls those that are not listed by themselves; each call is checked and counted as every other. */
export function callTool(
  others: readonly Tool[],
  find: (name: string) => Promise<Tool | undefined>,
  caller: ToolCaller,
  needs: BuiltToolNeeds,
): OwnTool {
  return {
    name: 'call_tool',
    description: `Calls a tool of the team that is not listed by itself: ${namesOf(others)}. search_tools tells what it is for and its input schema.`,
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string' }, input: { type: 'object' } },
      required: ['name', 'input'],
      additionalProperties: false,
    },
    alwaysLoad: true,
    async call(given, call) {
      const { name, input } = callInput.parse(given);
      const tool = await find(name);
      if (!tool) return { text: `There is no tool ${name.slice(0, 100)}. See search_tools.`, isError: true };
      return asOwnTool(tool, caller, needs).call(input, call);
    },
  };
}

function namesOf(tools: readonly Tool[]): string {
  const names = tools.slice(0, mostNames).map(({ manifest }) => manifest.name);
  const more = tools.length > mostNames ? [`and ${tools.length - mostNames} more`] : [];
  return [...names, ...more].join(', ');
}
