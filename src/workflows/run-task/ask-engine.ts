import { askedWith } from '../../agents/attached.ts';
import { textOfCall } from '../../domain/asked-person.ts';
import type { SpiralEvent } from '../../domain/event.ts';
import { sentenceOfDecision } from '../../domain/permission.ts';
import type { Task, TaskStep } from '../../domain/task.ts';
import type { EngineEvent, EngineSession } from '../../engine/engine.ts';
import { decisionsIn, newDecisionsIn } from './decisions.ts';
import { repetitions } from './deeds.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';
import { prepareSession } from './prepare-session.ts';
import { recordOf } from './round-record.ts';

export type Work = TaskStep & { readonly kind: 'work' };
export type Finished = EngineEvent & { readonly kind: 'finished' };

/**
 * In which session a round is asked for: `next`, that of the rounds before (the first round begins it); `interrupted`, the
 * one in which the round was asked for already; `answered`, the same, with what a person said to the question it ended with;
 * `decided`, the same, with what they decided about what it wanted; `anew`, a new one, because that one is gone.
 */
export type Going = 'next' | 'interrupted' | 'answered' | 'decided' | 'anew';

/** Whether the agent may ask a person in the middle of its work: at night nobody is awake, and a script asks nobody. */
export function mayAsk(task: Pick<Task, 'night'>): boolean {
  return task.night === undefined;
}

/**
 * Asks for one round and records every event of it as it comes. When recording fails the engine is ended first.
 *
 * @param before every event of the task so far
 * @param start names this start of the round; unique within the task
 */
export async function askEngine(
  task: Task,
  step: Work,
  going: Going,
  before: readonly SpiralEvent[],
  start: string,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Finished> {
  const prompt = promptOf(task, step, going, before, needs);
  const isFirst = step.round === 1 && task.continues === undefined;
  const begin = going === 'anew' || (going === 'next' && isFirst) ? 'new' : 'resume';
  const prepared = going === 'next' && begin === 'new' ? context.takePrepared() : undefined;
  const answered = going === 'answered' && step.answered ? { answered: step.answered } : {};
  const session =
    prepared ??
    (await prepareSession(task, begin, { mayAsk: mayAsk(task), ...answered, decided: decisionsIn(before) }, needs));
  return listen(session, prompt, task, step.round, going, start, needs, context);
}

function promptOf(
  task: Task,
  { analysis, round, because, answered }: Work,
  going: Going,
  before: readonly SpiralEvent[],
  { roster }: RunTaskNeeds,
): string {
  const agent = roster[task.agent];
  if (!agent) throw new Error(`no agent stands behind the role ${task.agent}`);
  const said = answered ? `\n\nYou had asked: ${textOfCall(answered)}\nThe person says: ${answered.words}` : '';
  if (going === 'decided') return newDecisionsIn(before).map(sentenceOfDecision).join('\n\n');
  const decided = decisionsIn(before).map((decision) => `\n\n${sentenceOfDecision(decision)}`);
  const first = agent.firstPrompt(askedWith(task.text, task.attachments), analysis);
  const order = because.kind === 'mend' ? agent.mendPrompt(because.failures) : first;
  // Who begins again may not have heard of an answer: a repetition does no harm.
  const asked = going === 'next' ? order : `${order}${said}${decided.join('')}`;
  if (going === 'interrupted') return agent.resumePrompt(asked);
  // What went before a later round is lost with its session: it is told the task again.
  if (going === 'anew' && round > 1) return `${first}\n\n${asked}`;
  return asked;
}

async function listen(
  session: EngineSession,
  prompt: string,
  task: Task,
  round: number,
  going: Going,
  start: string,
  { store }: RunTaskNeeds,
  { writer, signal }: StepContext,
): Promise<Finished> {
  let finished: Finished | undefined;
  const stuck = new AbortController();
  const { hear } = repetitions();
  for await (const event of session.run(prompt, AbortSignal.any([signal, stuck.signal]))) {
    const repeated = hear(event);
    if (repeated !== undefined && !stuck.signal.aborted) stuck.abort(repeated);
    if (event.kind === 'finished') {
      finished = event;
      continue;
    }
    const where = {
      taskId: task.id,
      sessionId: task.sessionId,
      round,
      resumed: going !== 'next' && going !== 'anew',
    };
    const record = recordOf(event, where);
    const key = event.kind === 'started' ? `${round}-started-${start}-${going}` : `${round}-${event.kind}-${event.key}`;
    await store.tasks.append(
      writer,
      record.news.map((news, index) => ({ key: index === 0 ? key : `${key}-${index}`, news })),
      record.output.map((piece) => ({ ...piece, round, key })),
    );
  }
  if (!finished) throw new Error('the engine ended a round without saying so');
  if (!stuck.signal.aborted || signal.aborted) return finished;
  return { ...finished, ending: { kind: 'stuck', message: `stuck in circles: ${String(stuck.signal.reason)}` } };
}
