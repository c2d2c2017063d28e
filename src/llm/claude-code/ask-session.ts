import { randomUUID } from 'node:crypto';
import type { SessionId } from '../../domain/identifiers.ts';
import type { Engine, EngineEvent, RoundEnding, SessionSetting } from '../../engine/engine.ts';
import { askTwice, type Spoken, type Unanswered } from '../ask-twice.ts';
import type { LlmEnding, LlmQuestion } from '../llm.ts';

/** A question to a coding agent: where it stands, and what it may use there. */
export type SessionQuestion<Answer> = LlmQuestion<Answer> & Pick<SessionSetting, 'workspace' | 'tools'>;

/**
 * A question in a new session of a coding agent, whose closing words are the answer; the second try goes on in the same
 * session. Does not reject.
 *
 * @param heard what it does meanwhile, its end included; notices go to the question's `tell` instead
 */
export async function askSession<Answer>(
  engine: Engine,
  question: SessionQuestion<Answer>,
  signal: AbortSignal,
  heard: (event: EngineEvent) => void = () => undefined,
): Promise<LlmEnding<Answer>> {
  const begun = performance.now();
  const sessionId = randomUUID() as SessionId;
  let begin: SessionSetting['begin'] = 'new';
  let used = { costUsd: 0, inputTokens: 0, outputTokens: 0 };

  async function speak(prompt: string): Promise<Spoken> {
    const session = engine.prepare({ ...settingOf(question), sessionId, begin });
    begin = 'resume';
    let spoken: Spoken = { kind: 'failed', message: 'the coding agent ended without a word' };
    for await (const event of session.run(prompt, signal)) {
      if (event.kind === 'notice') question.tell(event.line);
      else heard(event);
      if (event.kind !== 'finished') continue;
      // Totals of the session; a round that told nothing of itself tells nothing of what it cost either.
      if (event.session.outputTokens >= used.outputTokens) used = { ...event.session };
      spoken = spokenIn(event.ending, event.text);
    }
    return spoken;
  }

  return askTwice(question, speak, () => ({
    usd: used.costUsd,
    inputTokens: used.inputTokens,
    outputTokens: used.outputTokens,
    durationMs: Math.round(performance.now() - begun),
  }));
}

function settingOf<Answer>(question: SessionQuestion<Answer>): Omit<SessionSetting, 'sessionId' | 'begin'> {
  const { taskId, agent, night, project, workspace, tools, model, instructions } = question;
  return {
    ...{ taskId, agent, workspace, tools, model, instructions },
    ...(night === undefined ? {} : { night }),
    ...(project === undefined ? {} : { project }),
  };
}

function spokenIn(ending: RoundEnding, text: string): Spoken {
  return ending.kind === 'completed' ? { kind: 'said', text, isCutOff: false } : unansweredBy(ending);
}

function unansweredBy(ending: Exclude<RoundEnding, { readonly kind: 'completed' }>): Unanswered {
  switch (ending.kind) {
    case 'out-of-budget':
    case 'paused':
    case 'aborted':
      return ending;
    case 'asks':
    case 'requests-tool':
    case 'wants-permission':
      return { kind: 'failed', message: 'it asked a person, and has no way to' };
    case 'refused-key':
    case 'failed':
    case 'crashed':
    case 'session-lost':
    case 'stuck':
      return { kind: 'failed', message: ending.message };
  }
}
