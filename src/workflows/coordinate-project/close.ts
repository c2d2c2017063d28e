import type { Project } from '../../domain/project.ts';
import type { ProjectReport } from '../../domain/project-report.ts';
import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { type Came, movedTo, type Put } from './came.ts';
import { skippedNews } from './phase-news.ts';
import { reportOf } from './report.ts';

/** The project manager's opinion at the end, and with it the report of what was recorded. */
export async function close(task: Task, project: Project, needs: RunTaskNeeds, ask: Put): Promise<Came> {
  const ending = endingOf(project);
  const observed = await reportOf(task, project, ending, needs);
  const asked = await ask('closing', needs.team.projectManager.closeProject(inWords(observed)));
  // An opinion that nobody gave is not missed.
  if (asked.kind !== 'answered' && asked.kind !== 'unusable') return asked;
  const recommendations = asked.kind === 'answered' ? asked.answer.recommendations : [];
  // What the question itself cost belongs to the project.
  const report = { ...(await reportOf(task, project, ending, needs)), recommendations };
  return movedTo(
    { kind: 'ended', ending: { ...ending, verified: report.verified }, project },
    ...skippedNews(task, project),
    {
      key: 'project-finished',
      news: { type: 'project.finished', taskId: task.id, projectId: task.id, report },
    },
  );
}

function inWords({ title, phases }: ProjectReport) {
  return {
    title,
    phases: phases.map(({ name, status, attempts, verified, tests }) => {
      const ran = tests ? `${tests.passed} tests passed, ${tests.failed} failed` : 'no tests were run';
      return { name, status, outcome: `${attempts} attempts; ${ran}; ${verified ? 'verified' : 'not verified'}` };
    }),
  };
}

function endingOf({ phases }: Project) {
  const skipped = phases.filter(({ status }) => status === 'skipped').length;
  const reason = skipped === 0 ? {} : { reason: `${skipped} of ${phases.length} phases were skipped` };
  return { status: 'succeeded', verified: skipped === 0, ...reason } as const;
}
