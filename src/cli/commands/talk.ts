import { text as readAll } from 'node:stream/consumers';
import type { Spiral } from '../../spiral.ts';
import { agentFrom, promptLimitFrom } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { defaultWorkspace } from '../run-arguments.ts';
import { UsageError } from '../usage-error.ts';
import { findConversation } from './find-conversation.ts';
import { findTask } from './find-task.ts';
import { goOn } from './go-on.ts';
import { withSystem } from './open-system.ts';
import { submitAndWatch } from './run.ts';

/** The options of `spiral talk`, as they were typed. */
export type TalkOptions = {
  readonly to?: string;
  readonly topic?: string;
  readonly in?: string;
  readonly maxPrompts?: string;
  readonly json?: boolean;
};

/** `spiral talk "…"`: says something to agents, and shows what they say to it and to each other. */
export async function talk(words: string, options: TalkOptions, context: CommandContext): Promise<number> {
  const to = options.to === undefined ? undefined : agentsFrom(options.to);
  const promptLimit = options.maxPrompts === undefined ? {} : { promptLimit: promptLimitFrom(options.maxPrompts) };
  if (options.in !== undefined && (to || options.topic !== undefined)) {
    throw new UsageError('--in goes on with a conversation that has its members.', 'Leave out --to and --topic.');
  }
  const text = words === '-' ? await readAll(process.stdin) : words;
  const request = {
    text,
    agent: 'project-manager' as const,
    workspace: defaultWorkspace,
    origin: 'cli' as const,
    ...promptLimit,
  };
  return withSystem(context, async (spiral) => {
    if (options.in !== undefined) return join(spiral, options.in, request, options.json === true);
    const topic = options.topic === undefined ? {} : { topic: options.topic };
    return submitAndWatch(spiral, { ...request, talk: { ...topic, ...(to ? { to } : {}) } }, options.json === true);
  });
}

/** What is said in a conversation that is over goes on as a task of its own. */
async function join(
  spiral: Spiral,
  id: string,
  request: Parameters<Spiral['submit']>[0],
  json: boolean,
): Promise<number> {
  const conversation = await findConversation(spiral, id);
  const after = await spiral.lastEvent();
  const said = request.text.trim() === '' ? undefined : await spiral.say(conversation.id, request.text);
  if (!said) return submitAndWatch(spiral, { ...request, talk: { conversation: conversation.id } }, json);
  return goOn(spiral, await findTask(spiral, conversation.taskId), { json, after });
}

function agentsFrom(value: string): ReturnType<typeof agentFrom>[] {
  const names = value.split(',').map((name) => name.trim().replace(/^@/, ''));
  return [...new Set(names.map(agentFrom))];
}
