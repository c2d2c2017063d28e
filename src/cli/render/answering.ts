import type { QuestionName } from '../../domain/event.ts';
import { agentNames } from '../agent-names.ts';
import { agentSigns } from '../agent-signs.ts';
import { oneLine } from '../plain-text.ts';
import { answeredLine, answerLines } from './answers/answer.ts';
import { nothing, working } from './live.ts';
import { costLine, type OutcomeSetting } from './outcome.ts';
import { width } from './signs.ts';
import { type EventOf, progressOf, type Rendered, type ScreenState } from './state.ts';

export type AnsweringEvent = EventOf<'agent.asked' | 'agent.answered' | 'task.answered'>;

/** Agents that are asked instead of building. */
export function renderAnswering(event: AnsweringEvent, state: ScreenState): Rendered {
  switch (event.type) {
    case 'agent.asked': {
      const { agent, question } = event;
      const line = state.project
        ? `${agentSigns[agent]} ${agentNames[agent]}: ${deeds[question]}...`
        : openings[question];
      const isSame = state.asked?.isOpen === true && state.asked.question === question;
      const next = { ...state, asked: { agent, question, isOpen: true } };
      // Asked again after an interruption, nothing new is said.
      return progressOf(isSame ? [] : [line], next, working(`${agentNames[agent]} is thinking`));
    }
    case 'agent.answered': {
      const { agent, question } = event;
      return progressOf(answeredLines(event), { ...state, asked: { agent, question, isOpen: false } }, nothing);
    }
    case 'task.answered':
      return {
        progress: [''],
        result: answerLines(event.answer),
        live: nothing,
        state: { ...state, answer: event.answer },
      };
  }
}

/** How a task ends that was answered, or that should have been. */
export function answeredOutcomeLines(
  { taskId, outcome }: EventOf<'task.finished'>,
  setting: ScreenState & OutcomeSetting,
): string[] {
  const { status, promptsUsed, reason } = outcome;
  const why = reason === undefined ? '' : `: ${oneLine(reason, 300)}`;
  const closing =
    status === 'succeeded' && setting.answer
      ? answeredLine(setting.answer)
      : status === 'succeeded' && reason !== undefined
        ? `✅ ${oneLine(reason, 300)}` // Of a question that a person answered, and nobody else.
        : `⚠️  ${status === 'cancelled' ? 'Task cancelled' : `There is no answer (${status})`}${why} - details: spiral tasks show ${taskId} --output`;
  return ['', `🔥 Prompts used: ${promptsUsed}/${setting.promptLimit}`, costLine(outcome, setting), closing];
}

function answeredLines({ agent, askedAgain, error }: EventOf<'agent.answered'>): string[] {
  const who = `${agentSigns[agent]} ${agentNames[agent]}`;
  return [
    ...(askedAgain ? [`${who}: the first answer could not be used, so it was asked for once more`] : []),
    ...(error === undefined ? [] : [`${who}: ⚠️  no answer: ${oneLine(error, width)}`]),
  ];
}

/** Said of the one agent whose task it is. */
const openings: Readonly<Record<QuestionName, string>> = {
  'analysis-or-plan': '🤔 Conducting strategic analysis...',
  analysis: '🤔 Conducting strategic analysis...',
  plan: '🤔 Breaking down into development phases...',
  revision: '🤔 Revising the plan...',
  'phase-review': '🔍 Conducting review...',
  evaluation: '🤔 Judging the phase...',
  closing: '🤔 Thinking of what comes after...',
  review: '🔍 Conducting review...',
  risks: '🔍 Looking for what can go wrong...',
  'test-cases': '🧪 Writing test cases...',
  decision: '🧭 Weighing the options...',
  alternatives: '💡 Looking for really different ways...',
  coaching: '📈 Reading the figures...',
  'tool-assessment': '🛠️ Looking at what is wished for...',
  'tool-plan': '🛠️ Planning the tool...',
  'tool-research': '🔎 Finding out what the tool has to know...',
  'held-out': '🧪 Writing cases that the author will not see...',
  'tool-manual': '📝 Writing the manual...',
};

/** Said within a project, behind the name of the agent. */
const deeds: Readonly<Record<QuestionName, string>> = {
  'analysis-or-plan': 'breaking down into development phases',
  analysis: 'conducting a strategic analysis',
  plan: 'breaking down into development phases',
  revision: 'revising the plan',
  'phase-review': 'reviewing the real changes',
  evaluation: 'judging the phase by its criteria',
  closing: 'thinking of what to look after',
  review: 'reviewing the code',
  risks: 'looking for what can go wrong',
  'test-cases': 'writing test cases',
  decision: 'weighing the options',
  alternatives: 'looking for really different ways',
  coaching: 'reading the figures',
  'tool-assessment': 'looking at what is wished for',
  'tool-plan': 'planning the tool',
  'tool-research': 'finding out what the tool has to know',
  'held-out': 'writing cases that the author will not see',
  'tool-manual': 'writing the manual',
};
