import { complexityOf } from '../../domain/complexity.ts';
import { languageOf } from '../../domain/language.ts';
import { outcomeOf } from '../../domain/outcome.ts';
import { strategyFor } from '../../domain/strategy.ts';
import type { Task, TaskStep } from '../../domain/task.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';
import { eventsOf } from './recorded.ts';
import { verifyRound } from './verify-round.ts';
import { workRound } from './work-round.ts';

/** Carries out one step and saves where the task then stands, with the news of it. Throws `LeaseLost` and `StepInterrupted`. */
export async function carryOut(step: TaskStep, task: Task, needs: RunTaskNeeds, context: StepContext): Promise<Task> {
  switch (step.kind) {
    case 'analyse':
      return analyse(task, needs, context);
    case 'begin-round':
      return beginRound(task, step, needs, context);
    case 'work':
      return workRound(task, step, needs, context);
    case 'verify':
      return verifyRound(task, step, needs, context);
    case 'finish':
      return finish(task, step, needs, context);
  }
}

async function analyse(task: Task, { store, workspaces }: RunTaskNeeds, { writer }: StepContext): Promise<Task> {
  const { extensions } = await workspaces.survey(task.workspace);
  const complexity = complexityOf(task.text);
  const strategy = strategyFor(complexity);
  const language = languageOf(task.text, extensions);
  return store.tasks.advance(writer, { kind: 'analysed', analysis: { complexity, strategy, language } }, [
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

/** Spends the prompt and says that the round has begun, in one transaction, before anything is asked. */
function beginRound(
  task: Task,
  { analysis, round, because }: TaskStep & { kind: 'begin-round' },
  { store }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  return store.tasks.advance(writer, { kind: 'working', analysis, round, because }, [
    {
      key: `${round}-prompt`,
      news: {
        type: 'prompt.spent',
        taskId: task.id,
        agent: task.agent,
        round,
        used: round,
        limit: task.promptLimit,
      },
    },
  ]);
}

async function finish(
  task: Task,
  { ending }: TaskStep & { kind: 'finish' },
  { store, now }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const [events, output] = await Promise.all([eventsOf(store, task.id), store.tasks.output(task.id)]);
  const claim = output.findLast((piece) => piece.kind === 'model')?.text;
  const outcome = outcomeOf(events, ending, now(), claim);
  return store.tasks.advance(writer, { kind: 'finished', status: ending.status }, [
    { key: 'finished', news: { type: 'task.finished', taskId: task.id, outcome } },
  ]);
}
