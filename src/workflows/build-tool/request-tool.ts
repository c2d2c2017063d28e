import * as z from 'zod';
import type { TaskId } from '../../domain/identifiers.ts';
import { sentenceOfOutcome, type ToolRequest, toolWish } from '../../domain/tool-request.ts';
import type { FoundTool } from '../../toolbox/registry.ts';
import type { OwnTool, ToolAnswer } from '../../toolbox/toolbox.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { mayFile, newRequest, tooMany } from './new-request.ts';

const likeIt = 3;

/** Without what the call is checked for anyway: every request of a session carries it, and is paid for. */
const score = { type: 'integer' };
const offered = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    urgency: score,
    importance: score,
    blocking: { type: 'boolean' },
    requirements: { type: 'array', items: { type: 'string' } },
    examples: { type: 'array', items: { type: 'object' } },
  },
  required: ['name', 'description', 'urgency', 'importance', 'blocking', 'requirements'],
};

/**
 * The tool by which an agent asks for another one. A call that waits (`blocking`) reaches it only when the request is closed;
 * every other call files the request and the agent goes on. The same call, made again, files nothing.
 */
export function requestTool(taskId: TaskId, needs: () => Promise<RunTaskNeeds>): OwnTool {
  return {
    name: 'request_tool',
    description:
      'Asks for a tool that is missing; it is built for everybody. blocking: you cannot go on without it. Scores 1-10. Examples: name, input, output.',
    inputSchema: offered,
    alwaysLoad: true,
    async call(input, { callId }) {
      const wish = toolWish.safeParse(input);
      if (!wish.success) return failed(z.prettifyError(wish.error));
      const { store, ...rest } = await needs();
      const task = await store.tasks.get(taskId);
      if (!task) return failed('This work is over.');
      const known = callId === undefined ? undefined : await store.toolRequests.ofCall(taskId, callId);
      if (known) return { text: standing(known) };
      if (!(await mayFile(task, callId, store))) return failed(tooMany);
      const { wanted, accepted } = await newRequest(task, wish.data, callId, false, rest);
      const { request, how } = await store.toolRequests.file(wanted, accepted);
      const similar = request.similar.length === 0 ? '' : ` Tools that are like it: ${request.similar.join(', ')}.`;
      return {
        text: `${how === 'joined' ? 'It was asked for already' : 'Filed'}: request ${request.id}.${similar} Go on without it.`,
      };
    },
  };
}

/** The tool by which an agent looks for tools. */
export function searchTools(needs: () => Promise<Pick<RunTaskNeeds, 'toolbox'>>): OwnTool {
  return {
    name: 'search_tools',
    description: 'Finds tools of the team by what they do.',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    alwaysLoad: true,
    async call(input) {
      const { text } = z.strictObject({ text: z.string().trim().min(1).max(2_000) }).parse(input);
      const { toolbox } = await needs();
      const found = await toolbox.registry.search(text, likeIt);
      return { text: found.length === 0 ? 'There is no tool yet.' : found.map(lineOf).join('\n') };
    },
  };
}

/** With what it takes: not every tool is listed to the session by itself. */
function lineOf({ tool: { manifest } }: FoundTool): string {
  return `${manifest.name}: ${manifest.description}\n  input schema: ${JSON.stringify(manifest.inputSchema)}`;
}

function standing({ id, name, outcome }: ToolRequest): string {
  return outcome ? sentenceOfOutcome(name, outcome) : `Request ${id} is open. Go on without it.`;
}

function failed(text: string): ToolAnswer {
  return { text, isError: true };
}
