import type { Speaker } from '../../domain/message.ts';
import { agentNames } from '../agent-names.ts';
import { agentSigns } from '../agent-signs.ts';
import { oneLine, textLines } from '../plain-text.ts';
import { nothing, working } from './live.ts';
import { costLine, type OutcomeSetting } from './outcome.ts';
import { width } from './signs.ts';
import { type EventOf, progressOf, type Rendered, type ScreenState } from './state.ts';

const lineWidth = 110;

export type TalkingEvent = EventOf<
  'message.sent' | 'message.declined' | 'message.undeliverable' | 'conversation.escalated' | 'conversation.closed'
>;

/** Agents that talk, with each other and with people. */
export function renderTalking(event: TalkingEvent, state: ScreenState): Rendered {
  switch (event.type) {
    case 'message.sent':
      return state.conversation === event.conversationId
        ? { progress: [], result: messageLines(event), live: working('The agents talk'), state }
        : overheard(event, state);
    case 'message.declined':
      // Silence is what most messages meet; `spiral messages show` tells of it.
      return progressOf([], state);
    case 'message.undeliverable':
      return progressOf(
        [
          `⚠️  ${agentNames[event.agent]} could not answer message ${event.number}: ${oneLine(event.reason, width)}`,
          `   Send it again: spiral messages resend ${event.conversationId} ${event.number} ${event.agent}`,
        ],
        state,
      );
    case 'conversation.escalated':
      return progressOf([`✋ The conversation stops here: ${oneLine(event.reason, width)}`], state, nothing);
    case 'conversation.closed':
      return progressOf([`🔚 The conversation is over: ${oneLine(event.reason, width)}`], state, nothing);
  }
}

/** What is said beside the work. What a project asks and gets there is told as news of the project. */
function overheard(event: EventOf<'message.sent'>, state: ScreenState): Rendered {
  const { request, result, mentions } = event;
  const [asked] = mentions;
  if (asked && (request === 'challenge' || request === 'settle')) {
    return progressOf(
      [`${nameOfSpeaker(asked)}: ${deeds[request]}...`],
      state,
      working(`${agentNames[asked]} is thinking`),
    );
  }
  if (result === 'challenges' || result === 'settlement') return progressOf([], state);
  return progressOf(messageLines(event), state, working('The agents talk'));
}

const deeds = {
  challenge: 'looking for what is wrong with the plan',
  settle: 'settling what was challenged',
} as const;

/** How a conversation ends that is a task of its own. */
export function talkEndLines(
  { taskId, outcome }: EventOf<'task.finished'>,
  setting: ScreenState & OutcomeSetting,
): string[] {
  const { status, promptsUsed, reason } = outcome;
  const why = reason === undefined ? '' : `: ${oneLine(reason, width)}`;
  const id = setting.conversation ?? '';
  const closing =
    status === 'succeeded'
      ? `✨ The conversation is at its end.${setting.rehearsed ? '' : ` Go on with it: spiral talk --in ${id} "…"`}`
      : `⚠️  The conversation broke off (${status})${why} - details: spiral tasks show ${taskId}`;
  return ['', `🔥 Prompts used: ${promptsUsed}/${setting.promptLimit}`, costLine(outcome, setting), closing];
}

/** Who said it, and what. */
export function messageLines({
  author,
  text,
  number,
  answers,
}: Pick<EventOf<'message.sent'>, 'author' | 'text' | 'number' | 'answers'>): string[] {
  const reference = answers === undefined ? '' : ` (to ${answers})`;
  return [
    '',
    `${number}. ${nameOfSpeaker(author)}${reference}`,
    ...textLines(text, lineWidth).map((line) => `   ${line}`.trimEnd()),
  ];
}

export function nameOfSpeaker(speaker: Speaker): string {
  return speaker === 'human' ? '🙋 You' : `${agentSigns[speaker]} ${agentNames[speaker]}`;
}
