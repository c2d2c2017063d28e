import type { TaskOutcome } from '../../domain/outcome.ts';
import type { Task } from '../../domain/task.ts';
import { WorkspaceError } from '../../workspace/workspace.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { eventsOf } from '../run-task/recorded.ts';
import { stateAfterRound, stateBeforeRound } from '../run-task/work-round.ts';
import { taskIdOf } from './assign.ts';

const longestDiff = 30_000;

/** What was observed of an attempt: its outcome, what it changed, and our own test run. */
export type ObservedDevelopment = {
  readonly observed: TaskOutcome;
  /** For models. */
  readonly outcome: string;
  readonly tests: string;
  readonly diff: string;
};

export async function developmentOf(
  { workspace }: Pick<Task, 'workspace'>,
  developmentTask: string,
  { store, workspaces }: RunTaskNeeds,
): Promise<ObservedDevelopment> {
  const taskId = taskIdOf(developmentTask);
  const outcome = await store.tasks.outcome(taskId);
  if (!outcome) throw new Error(`task ${taskId} is reviewed before it has an outcome`);
  const round = await lastRoundOf(developmentTask, { store });
  const diff =
    round === undefined
      ? ''
      : await workspaces
          .diff(workspace, taskId, stateBeforeRound(1), stateAfterRound(round), longestDiff)
          .catch((error: unknown) => {
            // A diff is a help for whoever reads the files themselves.
            if (error instanceof WorkspaceError) return `(no diff: ${error.message})`;
            throw error;
          });
  return { observed: outcome, outcome: outcomeInWords(outcome), tests: testsInWords(outcome), diff };
}

function outcomeInWords({ status, verified, reason, summary, claim, contradictions = [] }: TaskOutcome): string {
  return [
    `${status}${verified ? ', verified' : ', not verified'}${reason === undefined ? '' : ` (${reason})`}. ${summary}.`,
    ...(claim === undefined ? [] : [`The developer says (not checked): ${claim}`]),
    ...contradictions.map(({ claimed, observed }) => `The developer claims ${claimed}; observed: ${observed}.`),
  ].join('\n');
}

function testsInWords({ tests, missingTests = [] }: TaskOutcome): string {
  if (!tests) return 'No tests were run by us.';
  const { passed, failed, skipped, commands } = tests;
  const missing = missingTests.map(({ how, count }) => ` ${count} tests that ran before are ${how}.`).join('');
  return `${passed} passed, ${failed} failed, ${skipped} skipped (${commands.join(', ')}).${missing}`;
}

/** The last round of a development task; undefined when it came to none. */
export async function lastRoundOf(
  developmentTask: string,
  { store }: Pick<RunTaskNeeds, 'store'>,
): Promise<number | undefined> {
  const events = await eventsOf(store, taskIdOf(developmentTask));
  const last = events.findLast((event) => event.type === 'engine.finished');
  return last?.type === 'engine.finished' ? last.round : undefined;
}
