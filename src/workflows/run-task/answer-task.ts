import { askedWith } from '../../agents/attached.ts';
import type { AgentQuestion } from '../../agents/question.ts';
import type { AgentAnswer } from '../../domain/answers/answer.ts';
import { prioritised } from '../../domain/answers/decision.ts';
import { type CheckedReview, placeOf, type Review } from '../../domain/answers/review.ts';
import type { QuestionName } from '../../domain/event.ts';
import { insightsOf } from '../../domain/insights.ts';
import { managedWish, type Task } from '../../domain/task.ts';
import { begin } from '../coordinate-project/begin.ts';
import { type Asked, askAgent, payPrompt } from './ask-agent.ts';
import { atLimit } from './at-limit.ts';
import { contextFor } from './context-for.ts';
import { endedAs, pausedUntil } from './endings.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';
import { performanceSince } from './performance-since.ts';
import { prepareWorktree } from './prepare-worktree.ts';

/** Makes the worktree, if it works in one, spends the prompt of an agent that answers, and saves that it is asked. */
export async function beginAnswer(task: Task, needs: RunTaskNeeds, context: StepContext): Promise<Task> {
  const unusable = await prepareWorktree(task, needs, context);
  if (unusable) return unusable;
  return payPrompt(task, task.agent, { kind: 'asking' }, { kind: 'accepted' }, needs, context);
}

/** Asks the agent that the task is for, and saves its answer as the end of the task, or the project that begins with it. */
export async function answerTask(task: Task, needs: RunTaskNeeds, context: StepContext): Promise<Task> {
  const { store } = needs;
  const asked = await ask(task, needs, context);
  if (asked.kind !== 'answered') return unanswered(task, asked, needs, context);
  const { answer } = asked;
  if (answer.kind === 'plan' && task.wish?.answer !== 'plan') return begin(task, answer, needs, context);
  const news = {
    type: 'task.answered',
    taskId: task.id,
    agent: task.agent,
    answer,
    insights: insightsOf(answer),
  } as const;
  const ending = { status: 'succeeded', verified: false } as const;
  return store.tasks.advance(context.writer, { kind: 'ended', ending }, [{ key: 'answered', news }]);
}

async function ask(task: Task, needs: RunTaskNeeds, context: StepContext): Promise<Asked<AgentAnswer>> {
  const { team, now } = needs;
  const text = askedWith(task.text, task.attachments);
  const put = <Answer>(name: QuestionName, question: AgentQuestion<Answer>) =>
    askAgent(task, name, question, needs, context);
  switch (task.agent) {
    case 'project-manager': {
      const wanted = managedWish(task.wish);
      const name = wanted === 'either' ? 'analysis-or-plan' : wanted;
      return put(name, team.projectManager.analysisOrPlan(text, await contextFor(task, needs), wanted));
    }
    case 'quality-assurance': {
      if (task.wish?.answer === 'risks') return put('risks', team.qualityAssurance.identifyRisks(text));
      if (task.wish?.answer === 'test-cases') return put('test-cases', team.qualityAssurance.generateTestCases(text));
      const asked = await put('review', team.qualityAssurance.review(text, await contextFor(task, needs)));
      return asked.kind === 'answered' ? { ...asked, answer: await withoutInvented(asked.answer, task, needs) } : asked;
    }
    case 'decision-maker': {
      const asked = await put('decision', team.decisionMaker.decide(text, await contextFor(task, needs)));
      return asked.kind === 'answered' ? { ...asked, answer: prioritised(asked.answer) } : asked;
    }
    case 'creative-innovator':
      return put('alternatives', team.creativeInnovator.suggestAlternatives(text, await contextFor(task, needs)));
    case 'process-coach': {
      const performance = await performanceSince(now(), needs);
      const asked = await put('coaching', team.processCoach.coach(performance, text));
      return asked.kind === 'answered' ? { ...asked, answer: { ...asked.answer, performance } } : asked;
    }
    case 'developer':
      throw new Error('the developer builds, and is not asked for an answer');
  }
}

/** Findings about files or lines that do not exist say nothing about this code. */
export async function withoutInvented<Given extends Pick<Review, 'findings'>>(
  review: Given,
  { workspace }: Pick<Task, 'workspace'>,
  { workspaces }: Pick<RunTaskNeeds, 'workspaces'>,
): Promise<Given & Pick<CheckedReview, 'dropped'>> {
  const exist = await Promise.all(
    review.findings.map((finding) => {
      const place = placeOf(finding);
      return place === undefined || workspaces.hasFile(workspace, place.path, place.line);
    }),
  );
  const findings = review.findings.filter((_, index) => exist[index]);
  return { ...review, findings, dropped: review.findings.length - findings.length };
}

function unanswered(
  task: Task,
  asked: Exclude<Asked<unknown>, { readonly kind: 'answered' }>,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  const { advance } = needs.store.tasks;
  switch (asked.kind) {
    case 'short':
      return atLimit(task, asked.shortage, { kind: 'asking' }, needs, context);
    case 'paused':
      return pausedUntil(task, asked, { kind: 'asking' }, needs, context);
    case 'stopped':
      return advance(context.writer, endedAs(task, asked.reason), []);
    case 'unusable':
    case 'failed': {
      const ending = { status: 'failed', verified: false, reason: asked.reason } as const;
      return advance(context.writer, { kind: 'ended', ending }, []);
    }
  }
}
