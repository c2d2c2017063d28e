import { foldChanges } from '../../domain/file-change.ts';
import type { Task, TaskState, TaskStep } from '../../domain/task.ts';
import { judge, type TestReport } from '../../domain/test-run.ts';
import { type KeyedNews, LeaseLost } from '../../store/store.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted } from './needs.ts';
import { eventsOf } from './recorded.ts';

/** Runs the tests that are there, by ourselves, and saves what they proved. */
export async function verifyRound(
  task: Task,
  { analysis, round }: TaskStep & { readonly kind: 'verify' },
  needs: RunTaskNeeds,
  { writer, signal }: StepContext,
): Promise<Task> {
  const { store, workspaces, verification } = needs;
  const events = await eventsOf(store, task.id);
  const changed = foldChanges(events.filter((event) => event.type === 'file.changed'));
  const report = await workspaces.verify(task.workspace, changed, verification, signal);
  if (signal.aborted) {
    if (signal.reason === 'lease-lost') throw new LeaseLost(task.id);
    if (signal.reason === 'shutdown') throw new StepInterrupted(task.id);
    return store.tasks.advance(
      writer,
      { kind: 'ended', ending: { status: 'cancelled', verified: false, reason: 'cancelled by a person' } },
      [],
    );
  }
  await store.tasks.append(
    writer,
    [],
    report.runs.map((run, index) => ({
      round,
      // Those of an attempt that was ended before it saved its verdict are kept beside these.
      key: `${round}-tests-${index}-${writer.attempt}`,
      kind: 'tests',
      title: run.command,
      text: run.output,
    })),
  );
  return store.tasks.advance(
    writer,
    { kind: 'verified', analysis, round, verdict: await verdictOf(report, needs) },
    newsOf(report, task, round),
  );
}

async function verdictOf(
  report: TestReport,
  { failuresOf }: RunTaskNeeds,
): Promise<(TaskState & { kind: 'verified' })['verdict']> {
  const verdict = judge(report);
  return verdict.kind === 'failed' ? { kind: 'failed', failures: await failuresOf(report) } : verdict;
}

function newsOf(report: TestReport, { id: taskId }: Task, round: number): KeyedNews[] {
  const ran = report.runs.map(
    ({ command, passed, failed, skipped, exitCode }, index): KeyedNews => ({
      key: `${round}-tests-${index}`,
      news: { type: 'tests.ran', taskId, command, passed, failed, skipped, by: 'spiral', exitCode },
    }),
  );
  const notRun = report.notRun.map(
    ({ directory, reason }, index): KeyedNews => ({
      key: `${round}-not-run-${index}`,
      news: { type: 'progress', taskId, text: `Tests in ${directory} were not run: ${reason}`, by: 'spiral' },
    }),
  );
  return [...ran, ...notRun];
}
