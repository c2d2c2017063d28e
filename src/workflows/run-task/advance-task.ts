import type { Analysis } from '../../domain/analysis.ts';
import { complexityOf } from '../../domain/complexity.ts';
import { languageOf } from '../../domain/language.ts';
import { strategyFor } from '../../domain/strategy.ts';
import type { Task, TaskStep } from '../../domain/task.ts';
import { beginWork, workOnTool } from '../build-tool/work-on-tool.ts';
import { coordinate } from '../coordinate-project/coordinate.ts';
import { beginRetirement, retireTool } from '../retire-tool/retire-tool.ts';
import { answerTask, beginAnswer } from './answer-task.ts';
import { atLimit } from './at-limit.ts';
import { finishTask } from './finish-task.ts';
import { measureBaseline } from './measure-baseline.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';
import { prepareWorktree } from './prepare-worktree.ts';
import { eventsOf } from './recorded.ts';
import { talkOn } from './talk.ts';
import { verifyRound } from './verify-round.ts';
import { workRound } from './work-round.ts';

/** Carries out one step and saves where the task then stands, with the news of it. Throws `LeaseLost` and `StepInterrupted`. */
export async function carryOut(
  step: Exclude<TaskStep, { kind: 'wait' }>,
  task: Task,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  switch (step.kind) {
    case 'analyse':
      return analyse(task, needs, context);
    case 'measure':
      return measureBaseline(task, step, needs, context);
    case 'begin-round':
      return beginRound(task, step, needs, context);
    case 'work':
      return workRound(task, step, needs, context);
    case 'verify':
      return verifyRound(task, step, needs, context);
    case 'begin-answer':
      return beginAnswer(task, needs, context);
    case 'answer':
      return answerTask(task, needs, context);
    case 'converse':
      return talkOn(task, step.talk, needs, context);
    case 'coordinate':
      return coordinate(task, step, needs, context);
    case 'begin-tool-work':
      return beginWork(step.requestId, needs, context);
    case 'work-on-tool':
      return workOnTool(task, step, needs, context);
    case 'begin-retirement':
      return beginRetirement(task, step.tool, needs, context);
    case 'retire':
      return retireTool(task, step.state, needs, context);
    case 'finish':
      return finishTask(task, step, needs, context);
  }
}

async function analyse(task: Task, needs: RunTaskNeeds, context: StepContext): Promise<Task> {
  const { store, workspaces } = needs;
  const { writer } = context;
  const unusable = await prepareWorktree(task, needs, context);
  if (unusable) return unusable;
  const { extensions, files } = await workspaces.survey(task.workspace);
  const { complexity, strategy } = weighed(task.text);
  const language = languageOf(task.text, extensions);
  const analysis = { complexity, strategy, language };
  // An empty folder has no tests to be measured by.
  return store.tasks.advance(writer, { kind: 'analysed', analysis, baseline: files > 0 ? 'due' : 'done' }, [
    {
      key: 'analysed',
      news: {
        type: 'task.analysed',
        taskId: task.id,
        complexity,
        strategy,
        language: language.name,
        confidence: language.confidence,
      },
    },
  ]);
}

function weighed(text: string): Pick<Analysis, 'complexity' | 'strategy'> {
  const complexity = complexityOf(text);
  return { complexity, strategy: strategyFor(complexity) };
}

/** Spends the prompt and says that the round has begun, in one transaction, before anything is asked. */
async function beginRound(
  task: Task,
  { analysis, round, because }: TaskStep & { kind: 'begin-round' },
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  const { id: taskId, agent, promptLimit: limit } = task;
  // A person may have reworded the task since it was analysed.
  const current = round === 1 ? { ...analysis, ...weighed(task.text) } : analysis;
  const state = { kind: 'working', analysis: current, round, because } as const;
  const told = await eventsOf(needs.store, taskId);
  // Team-mates who were asked have spent prompts of it as well.
  const used = told.filter(({ type }) => type === 'prompt.spent').length + 1;
  const spent = { type: 'prompt.spent', taskId, agent, round, used, limit } as const;
  const news = [{ key: `${round}-prompt`, news: spent }];
  const start = await needs.store.tasks.beginRound(context.writer, state, news, needs.budget.limitsOf(task));
  if (start.kind === 'begun') return start.task;
  // Only tasks before their first round, or with a verdict, begin one.
  if (task.state.kind !== 'analysed' && task.state.kind !== 'verified') throw new Error('no round was to begin');
  return atLimit(task, start.shortage, task.state, needs, context);
}
