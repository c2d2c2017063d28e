import { type AgentRole, roleNamed } from '../../domain/agent.ts';
import type { Wish } from '../../domain/task.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import { onlyApprovers } from '../decisions/permission.ts';
import { decideBy } from './deciding.ts';
import { mergeOf } from './merging.ts';
import { type CommandOptions, wordsOf } from './options.ts';
import type { CommandContext, CommandReply } from './reply.ts';
import { shownBy } from './showing.ts';
import { talkOf } from './talking.ts';

/** Commands that may have to open a dialog, which Discord takes as the first reply alone: these are not put off. */
export function mayOpenDialog(command: string): boolean {
  return command === 'decide' || command === 'answer' || command === 'grant';
}

/** Carries a slash command out, for somebody who may talk to the bot; what more is needed is checked here. */
export async function runCommand(
  command: string,
  options: CommandOptions,
  context: CommandContext,
): Promise<CommandReply> {
  const shown = await shownBy(command, options, context);
  if (shown) return { kind: 'reply', message: shown, isPrivate: true };
  switch (command) {
    case 'task':
      return submitOf(options, context.defaultAgent);
    case 'project':
      return projectOf(options);
    case 'talk':
      return talkOf(options, context);
    case 'continue':
      return continueOf(options, context);
    case 'answer':
    case 'decide':
    case 'grant':
    case 'stop':
      return decideBy(command, options, context);
    case 'merge': {
      if (!context.actor.isApprover) return refused(onlyApprovers);
      const task = await taskOf(options, context.spiral);
      return 'kind' in task ? task : mergeOf(task, context.spiral);
    }
    default:
      return refused(`There is no command /${command} any more; see /help.`);
  }
}

function submitOf(options: CommandOptions, defaultAgent: AgentRole): CommandReply {
  const text = wordsOf(options, 'text');
  if (text === undefined) return refused('Say what is to be done.');
  const name = wordsOf(options, 'agent');
  const agent = name === undefined ? defaultAgent : roleNamed(name);
  return agent ? { kind: 'submit', agent, text } : refused('There is no such agent; see /agents.');
}

function projectOf(options: CommandOptions): CommandReply {
  const text = wordsOf(options, 'text');
  if (text === undefined) return refused('Say what is to be built.');
  const plan = wordsOf(options, 'plan');
  const on = wordsOf(options, 'on');
  const wish: Wish = {
    answer: plan === 'plan only' ? 'plan' : 'either',
    approvePlan: plan === 'ask me first',
  };
  return {
    kind: 'submit',
    agent: 'project-manager',
    text,
    ...(plan === 'plan only' || plan === 'ask me first' ? { wish } : {}),
    ...(on === undefined ? {} : { project: on }),
  };
}

async function continueOf(options: CommandOptions, { spiral }: CommandContext): Promise<CommandReply> {
  const task = await taskOf(options, spiral);
  if ('kind' in task) return task;
  if (task.state.kind !== 'finished') return refused(`Task ${task.id} is not over: say what is next when it is.`);
  const text = wordsOf(options, 'text');
  return { kind: 'continue', task, ...(text === undefined ? {} : { text }) };
}

/** The one task whose id begins as the option says. */
async function taskOf(
  options: CommandOptions,
  spiral: Pick<Spiral, 'findTasks'>,
): Promise<TaskReport | Extract<CommandReply, { kind: 'refused' }>> {
  const beginning = wordsOf(options, 'task');
  if (beginning === undefined || !/^[0-9a-z]{1,8}$/.test(beginning))
    return refused('Name a task by its id; see /tasks.');
  const [task, another] = await spiral.findTasks(beginning);
  if (!task) return refused(`There is no task ${beginning}; see /tasks.`);
  return another ? refused(`Several tasks begin with ${beginning}: type more of the id.`) : task;
}

function refused(problem: string): Extract<CommandReply, { kind: 'refused' }> {
  return { kind: 'refused', problem };
}
