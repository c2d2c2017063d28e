import type { Criterion, Evaluation, PlannedPhase } from '../../domain/answers/planning.ts';
import { moved, type Position, type Project, withPhase } from '../../domain/project.ts';
import { afterEvaluation, objectionsTo } from '../../domain/project-phase.ts';
import type { JudgedCriterion } from '../../domain/project-report.ts';
import type { Task } from '../../domain/task.ts';
import type { KeyedNews } from '../../store/store.ts';
import { WorkspaceError } from '../../workspace/workspace.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { stateAfterRound } from '../run-task/work-round.ts';
import { taskIdOf } from './assign.ts';
import { type Came, movedTo, type Put } from './came.ts';
import { developmentOf, lastRoundOf, type ObservedDevelopment } from './development.ts';
import { finishedNews, phaseOf } from './phase-news.ts';

type Evaluating = Position & { readonly kind: 'evaluate' };

/** The project manager judges a phase by its criteria. What we can look at ourselves is not theirs to judge. */
export async function evaluate(
  task: Task,
  project: Project,
  at: Evaluating,
  needs: RunTaskNeeds,
  ask: Put,
): Promise<Came> {
  const { phase, tasks } = phaseOf(project, at.phase);
  const development = await developmentOf(task, at.taskId, needs);
  const observed = await Promise.all(phase.criteria.map((criterion) => look(criterion, task, development, needs)));
  const question = needs.team.projectManager.evaluatePhase({
    title: project.title,
    phase,
    criteria: phase.criteria.map((criterion, index) => ({ ...criterion, observed: wordOf(observed[index]) })),
    outcome: development.outcome,
    tests: development.tests,
    diff: development.diff,
    review: at.review,
  });
  const asked = await ask('evaluation', question);
  if (asked.kind === 'unusable') {
    const reason = `the project manager gave no usable judgement of "${phase.name}"`;
    return movedTo(moved(project, { kind: 'escalate', phase: at.phase, reason, findings: asked.reason }));
  }
  if (asked.kind !== 'answered') return asked;
  const unmet = phase.criteria.filter((_, index) => observed[index] === false).map(({ criterion }) => criterion);
  const objections = objectionsTo(at.review, asked.answer, unmet);
  const news = evaluatedNews(
    task,
    at,
    phase.name,
    tasks.length,
    judged(phase.criteria, observed, asked.answer),
    objections,
  );
  if (objections.length > 0) return movedTo(afterEvaluation(project, at, asked.answer, unmet), news);
  const commit = await commitPhase(task, at, messageOf(task, at, phase, tasks.length), needs);
  const kept = commit === undefined ? project : withPhase(project, at.phase, (record) => ({ ...record, commit }));
  return movedTo(afterEvaluation(kept, at, asked.answer, unmet), news, finishedNews(task, kept, at.phase, 'done'));
}

/** Whether a criterion is met, as far as that can be seen without an opinion; undefined where it cannot. */
async function look(
  { checkedBy, subject }: Criterion,
  { workspace }: Task,
  { observed }: ObservedDevelopment,
  { workspaces }: RunTaskNeeds,
): Promise<boolean | undefined> {
  switch (checkedBy) {
    case 'tests':
      return observed.verified;
    case 'file':
      return workspaces.hasFile(workspace, subject);
    case 'review':
      return undefined;
  }
}

function wordOf(met: boolean | undefined): 'met' | 'not met' | 'not observable' {
  if (met === undefined) return 'not observable';
  return met ? 'met' : 'not met';
}

function judged(
  criteria: readonly Criterion[],
  observed: readonly (boolean | undefined)[],
  evaluation: Evaluation,
): JudgedCriterion[] {
  return criteria.map(({ criterion, checkedBy, subject }, index) => {
    const seen = observed[index];
    if (seen !== undefined) {
      const evidence = checkedBy === 'tests' ? 'our own test run' : subject;
      return { criterion, checkedBy, met: seen, by: 'spiral', evidence };
    }
    const judgement = evaluation.criteria.find(({ number }) => number === index + 1);
    return {
      criterion,
      checkedBy,
      met: judgement?.met ?? false,
      by: 'project-manager',
      evidence: judgement?.evidence ?? 'nothing was said',
    };
  });
}

function evaluatedNews(
  { id }: Task,
  { taskId }: Evaluating,
  phase: string,
  attempt: number,
  criteria: readonly JudgedCriterion[],
  objections: readonly string[],
): KeyedNews {
  const isDone = objections.length === 0;
  return {
    key: `evaluated-${taskId}`,
    news: { type: 'phase.evaluated', taskId: id, projectId: id, phase, attempt, isDone, criteria, objections },
  };
}

/** Names the attempt, which is committed once: after a kill its commit is known by it. */
function messageOf({ id }: Task, { phase: index }: Evaluating, { name, goal }: PlannedPhase, attempt: number): string {
  const trailers = [`Spiral-Project: ${id}`, `Spiral-Phase: ${index + 1}`, `Spiral-Attempt: ${attempt}`];
  return `${name}\n\n${goal}\n\n${trailers.join('\n')}\n`;
}

/** The commit of a phase in a history of ours; a worktree has its commit from the task itself. */
async function commitPhase(
  task: Task,
  { taskId }: Evaluating,
  message: string,
  needs: RunTaskNeeds,
): Promise<string | undefined> {
  const { workspaces, report } = needs;
  const round = await lastRoundOf(taskId, needs);
  if (task.repository || round === undefined) return undefined;
  try {
    if ((await workspaces.histories.begin(task.workspace)) === 'not-ours') return undefined;
    return await workspaces.histories.commit(task.workspace, taskIdOf(taskId), stateAfterRound(round), message);
  } catch (error) {
    // The work is there all the same; a person hears that its history is not.
    if (!(error instanceof WorkspaceError)) throw error;
    report(`The phase of project ${task.id} was not committed: ${error.message}`);
    return undefined;
  }
}
