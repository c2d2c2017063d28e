import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import type { TaskId } from '../domain/identifiers.ts';
import type { TaskOutcome } from '../domain/outcome.ts';
import type { Question } from '../domain/question.ts';
import { isAnswered, type Task } from '../domain/task.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';

/** What a person wants to hear of while they are away. */
export type TaskNews =
  | { readonly kind: 'asked'; readonly task: Task; readonly question: Question }
  | { readonly kind: 'finished'; readonly task: Task; readonly outcome: TaskOutcome };

type Setting = {
  /** Run by the shell; undefined: nobody wants to hear. */
  readonly command: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly sandbox: Pick<Sandbox, 'start'>;
  readonly report: (problem: string) => void;
};

const timeLimitMs = 30_000;
const endGraceMs = 500;
const longestText = 300;

/** Runs the command that a person configured, with the news on its standard input. Never rejects. */
export function notifier({ command, environment, cwd, sandbox, report }: Setting): (news: TaskNews) => Promise<void> {
  return async (news) => {
    if (command === undefined) return;
    try {
      const launch = { command: '/bin/sh', args: ['-c', command], cwd, env: environment, purpose: 'notify' };
      const { child, end } = sandbox.start(launch);
      const exited = once(child, 'exit');
      exited.catch(() => undefined); // One that could not be started: told below, as one that did not end well.
      for (const stream of [child.stdout, child.stderr]) stream?.resume();
      child.stdin?.on('error', () => undefined); // A command that reads nothing closes its input; that is its right.
      child.stdin?.end(textOf(news));
      const timer = new AbortController();
      await Promise.race([exited, after(timeLimitMs, undefined, { signal: timer.signal })]);
      timer.abort();
      await end(endGraceMs);
      if (child.exitCode !== 0) report(`The notify command did not succeed (exit code ${child.exitCode ?? 'none'}).`);
    } catch (error) {
      report(`The notify command failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

/** Tells the person of a task that asks or is over. Never rejects. */
export async function tellEnd(
  taskId: TaskId,
  store: Store,
  {
    notify,
    report,
  }: { readonly notify: (news: TaskNews) => Promise<void>; readonly report: (problem: string) => void },
): Promise<void> {
  try {
    const task = await store.tasks.get(taskId);
    if (!task) return;
    const outcome = task.state.kind === 'finished' ? await store.tasks.outcome(taskId) : undefined;
    const question = (await store.questions.open()).find((open) => open.taskId === taskId);
    // What nobody gave is nobody's to be called for.
    if (outcome && task.origin === 'spiral') return;
    if (outcome) await notify({ kind: 'finished', task, outcome });
    else if (question) await notify({ kind: 'asked', task, question });
  } catch (error) {
    // What it tells is recorded, and the task itself is none the worse.
    report(`Telling of task ${taskId} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The news as plain text. It holds what is in events anyway, and no secret. */
function textOf(news: TaskNews): string {
  const { id, text } = news.task;
  const asked = shortened(text);
  if (news.kind === 'asked') {
    return `Task ${id} waits for you: ${news.question.text}\nAnswer it: spiral grant ${news.question.id}\nTask: ${asked}\n`;
  }
  const { status, verified, reason, summary } = news.outcome;
  const how = status === 'succeeded' ? (isAnswered(news.task) ? 'answered' : verifiedWords(verified)) : status;
  return `Task ${id}: ${how}${reason === undefined ? '' : ` (${shortened(reason)})`}\n${summary}\nTask: ${asked}\nDetails: spiral tasks show ${id}\n`;
}

function verifiedWords(verified: boolean): string {
  return verified ? 'succeeded, verified' : 'succeeded, NOT verified';
}

function shortened(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length <= longestText ? line : `${line.slice(0, longestText - 1)}…`;
}
