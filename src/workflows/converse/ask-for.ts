import { type AgentQuestion, shapeOf } from '../../agents/question.ts';
import type { AgentRole } from '../../domain/agent.ts';
import { budgetProjectOf, type Task } from '../../domain/task.ts';
import type { LlmEnding } from '../../llm/llm.ts';
import { holdRound } from '../run-task/unmetered.ts';
import type { ConverseNeeds } from './needs.ts';

/** A task as it is to its budgets while this agent speaks for it. */
export function speakingFor(task: Task, agent: AgentRole): Task {
  const project = budgetProjectOf(task);
  return { ...task, agent, ...(project === undefined ? {} : { project }) };
}

/** Puts a question of a conversation to the model, within the budgets of its task and of the agent that is asked. */
export async function askFor<Answer>(
  task: Task,
  question: AgentQuestion<Answer>,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<LlmEnding<Answer>> {
  const { agent } = question;
  const asking = speakingFor(task, agent);
  const { project } = asking;
  const held = needs.llm.isMetered ? undefined : await holdRound(asking, needs);
  if (held?.kind === 'short') return { kind: 'out-of-budget', shortage: held.shortage, cost: noCost };
  const limit = AbortSignal.timeout(task.roundTimeoutSeconds * 1000);
  const ending = await needs.llm.ask(
    {
      taskId: task.id,
      agent,
      ...(task.night === undefined ? {} : { night: task.night.name }),
      ...(project === undefined ? {} : { project }),
      model: task.model,
      instructions: question.instructions,
      prompt: question.prompt,
      shape: shapeOf(question),
      tell: needs.report,
    },
    AbortSignal.any([signal, limit]),
  );
  await held?.book({ ...ending.cost, costUsd: ending.cost.usd });
  if (ending.kind !== 'aborted' || signal.aborted) return ending;
  return { kind: 'failed', message: `it took longer than ${task.roundTimeoutSeconds} s`, cost: ending.cost };
}

const noCost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };
