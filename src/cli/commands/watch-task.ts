import type { SpiralEvent } from '../../domain/event.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import { projectOf } from '../../domain/task.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import { progressOfProject } from '../render/project.ts';
import { firstState, type RenderState, render } from '../render.ts';
import { openTerminal } from '../terminal.ts';
import { isEstimated, tellNotices } from './open-system.ts';

type WatchOptions = {
  readonly json: boolean;
  /** Only events with a higher id are shown. */
  readonly after?: number;
  /** What the events before that position said. */
  readonly state?: RenderState;
};

const page = 500;

/** What the events of a task said so far, for whoever shows the next ones. */
export function stateOf(task: TaskReport): RenderState {
  const { id, agent, promptLimit, origin, repository, question, talk, toolRequest } = task;
  const project = projectOf(task);
  return {
    ...firstState,
    root: id,
    agent,
    ...(project ? { project: progressOfProject(project) } : {}),
    ...(toolRequest === undefined ? {} : { isToolWork: true }),
    promptLimit,
    rehearsed: origin === 'demo',
    ...(repository ? { branch: repository.branch } : {}),
    ...(question ? { question } : {}),
    ...(talk ? { conversation: talk.conversationId } : {}),
  };
}

/**
 * Drives a task and shows its events until it is over or waits for a human. The first Ctrl-C ends the session in order and
 * saves the outcome as cancelled; the second one ends everything at once.
 *
 * @returns the exit code
 */
export async function watchTask(
  spiral: Spiral,
  taskId: TaskId,
  { json, after = 0, state: known = firstState }: WatchOptions,
): Promise<number> {
  // Not before: somebody whose task is refused has no use for them.
  tellNotices(spiral, ['containment', 'budget']);
  const terminal = openTerminal(process.stdout, process.stderr);
  const watching = new AbortController();
  const interrupts = onInterrupt(
    () => {
      if (!json) terminal.progress('🛑 Stopping Claude Code... (Ctrl-C again: at once)');
      spiral.cancel(taskId).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        terminal.progress(`⚠️  Asking for the end failed (${why}). Ctrl-C again ends it at once.`);
      });
    },
    () => {
      terminal.close();
      spiral.kill();
      process.exit(exitCodes.cancelled);
    },
  );
  let state: RenderState = { ...known, estimated: isEstimated(spiral) };
  let last = after;
  let exitCode: number | undefined;
  const show = (event: SpiralEvent) => {
    last = event.id;
    terminal.heard();
    // Tasks of a project end as well, and the project goes on.
    if (event.type === 'task.finished' && event.taskId === taskId) exitCode = exitCodeOf(event.outcome.status);
    if (json) return terminal.result(JSON.stringify(event));
    const rendered = render(event, state);
    state = rendered.state;
    for (const line of rendered.progress) terminal.progress(line);
    for (const line of rendered.result) terminal.result(line);
    if (rendered.live !== undefined) terminal.live(rendered.live);
  };
  // When the drive ends without the task being over there is no last event to wait for.
  const ended = spiral.drive(taskId).then(
    (end) => {
      if (end !== 'finished') watching.abort();
      return end;
    },
    (error: unknown) => {
      watching.abort();
      throw error;
    },
  );
  ended.catch(() => undefined); // Awaited below, after the last event was shown.
  try {
    for await (const event of spiral.watch({ after, taskId }, watching.signal)) {
      show(event);
      if (exitCode !== undefined) break;
    }
    const end = await ended;
    // What was recorded before the watch was ended, for example the question that the task waits for.
    if (exitCode === undefined) for (const event of await spiral.events({ after: last, taskId }, page)) show(event);
    if (end === 'lost') terminal.progress('ℹ️  Another Spiral process has taken this task over.');
    return exitCode ?? (end === 'waiting' ? exitCodes.waiting : exitCodes.failed);
  } finally {
    interrupts.stop();
    terminal.close();
  }
}

/** Listens for what a person or a system sends to end a program: first in order, then at once. */
export function onInterrupt(first: () => void, second: () => void): { stop(): void } {
  let count = 0;
  const listener = () => {
    count += 1;
    if (count === 1) first();
    else second();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return {
    stop() {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
