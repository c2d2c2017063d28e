import type { TaskReport } from '../../spiral.ts';
import { countFrom } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { oneLine, plainText } from '../plain-text.ts';
import { duration, money } from '../render.ts';
import { findTask } from './find-task.ts';
import { openSystem } from './open-system.ts';

/** `spiral tasks`. */
export async function listTasks(
  options: { readonly limit: string; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const limit = countFrom(options.limit);
  const spiral = await openSystem(context);
  try {
    const tasks = await spiral.tasks(limit);
    if (options.json) {
      for (const task of tasks) process.stdout.write(`${JSON.stringify(task)}\n`);
      return exitCodes.succeeded;
    }
    if (tasks.length === 0) process.stdout.write('No tasks yet. Watch one with: spiral demo\n');
    for (const task of tasks) process.stdout.write(`${lineOf(task, Date.now())}\n`);
    const left = tasks.find((task) => task.state.kind !== 'finished' && !task.driven);
    if (left) process.stdout.write(`\nGo on with an interrupted task: spiral tasks continue ${left.id}\n`);
    return exitCodes.succeeded;
  } finally {
    await spiral.close();
  }
}

/** `spiral tasks show ID`. */
export async function showTask(
  id: string,
  options: { readonly output?: boolean },
  context: CommandContext,
): Promise<number> {
  const spiral = await openSystem(context);
  try {
    const task = await findTask(spiral, id);
    if (options.output) {
      for (const piece of await spiral.output(task.id)) {
        process.stdout.write(`── round ${piece.round} · ${piece.kind} · ${oneLine(piece.title, 80)}\n`);
        process.stdout.write(`${plainText(piece.text).trimEnd()}\n\n`);
      }
      return exitCodes.succeeded;
    }
    for (const [name, value] of detailsOf(task)) process.stdout.write(`${name.padEnd(10)} ${value}\n`);
    process.stdout.write(`\nEverything that was printed: spiral tasks show ${task.id} --output\n`);
    return exitCodes.succeeded;
  } finally {
    await spiral.close();
  }
}

function lineOf(task: TaskReport, now: number): string {
  const age = duration(now - task.createdAt.getTime());
  const used = `${task.promptsUsed}/${task.promptLimit}`;
  const cost = task.origin === 'demo' ? 'rehearsed' : money(task.costUsd);
  return `${task.id}  ${statusOf(task).padEnd(22)} ${`${age} ago`.padEnd(16)} ${used.padStart(6)} prompts  ${cost.padEnd(14)} ${oneLine(task.text, 44)}`;
}

function detailsOf(task: TaskReport): [string, string][] {
  const { outcome } = task;
  return [
    ['Task', `${task.id} (${task.agent}, ${task.model})`],
    ['Status', statusOf(task)],
    ...(outcome?.reason ? [['Reason', oneLine(outcome.reason, 300)] satisfies [string, string]] : []),
    ['Asked', oneLine(task.text, 400)],
    ['Workspace', task.workspace],
    ['Prompts', `${task.promptsUsed} of ${task.promptLimit}`],
    ['Cost', task.origin === 'demo' ? 'none: the model is rehearsed' : money(task.costUsd)],
    ...(outcome ? observed(outcome) : []),
  ];
}

function observed(outcome: NonNullable<TaskReport['outcome']>): [string, string][] {
  const files = [
    ...outcome.filesCreated.map((path) => `created ${path}`),
    ...outcome.filesModified.map((path) => `modified ${path}`),
    ...outcome.filesDeleted.map((path) => `deleted ${path}`),
  ];
  const label = (name: string, index: number) => (index === 0 ? name : '');
  return [
    ['Took', duration(outcome.durationMs)],
    ['Observed', outcome.summary],
    ...files.map((line, index): [string, string] => [label('Files', index), plainText(line)]),
    ...outcome.commands.map(({ command, success }, index): [string, string] => [
      label('Commands', index),
      `${success ? '✅' : '❌'} ${oneLine(command, 100)}`,
    ]),
    ...(outcome.claim
      ? [['Claimed', `“${oneLine(outcome.claim, 300)}” (not checked)`] satisfies [string, string]]
      : []),
  ];
}

function statusOf(task: TaskReport): string {
  const { state } = task;
  if (state.kind === 'finished') {
    return state.status === 'succeeded' && task.outcome?.verified === false ? 'succeeded, unverified' : state.status;
  }
  if (!task.driven) return 'interrupted';
  return state.kind === 'working'
    ? `working, round ${state.round}`
    : state.kind === 'worked'
      ? 'running tests'
      : 'starting';
}
