import type { Task } from '../../domain/task.ts';
import type { TestReport } from '../../domain/test-run.ts';
import type { KeyedNews, OutputPiece, Writer } from '../../store/store.ts';

/** What a test run has to tell: every run, and every suite that could not be run. */
export function newsOfRuns(report: TestReport, { id: taskId }: Pick<Task, 'id'>, round: number): KeyedNews[] {
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

/** What the runs printed. Those of an attempt that was ended before it saved its verdict are kept beside these. */
export function outputOfRuns(report: TestReport, round: number, { attempt }: Writer): OutputPiece[] {
  return report.runs.map((run, index) => ({
    round,
    key: `${round}-tests-${index}-${attempt}`,
    kind: 'tests',
    title: run.command,
    text: run.output,
  }));
}
