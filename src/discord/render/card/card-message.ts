import { type APIEmbed, ButtonStyle, ComponentType } from 'discord-api-types/v10';
import { type AgentRole, agentRoles } from '../../../domain/agent.ts';
import { counted, money } from '../../../domain/amounts.ts';
import type { TaskStatus } from '../../../domain/outcome.ts';
import { customIdOf } from '../../decisions/custom-id.ts';
import type { Outgoing } from '../../outbox/outgoing.ts';
import { fitted, plain, plainLine } from '../text.ts';
import { voices } from '../voices.ts';
import type { TaskCard } from './card.ts';
import { percentDone, type ShownPhase } from './phases.ts';

const colours = { working: 0x5865f2, waiting: 0xfaa61a, good: 0x3ba55d, bad: 0xed4245, ended: 0x747f8d } as const;
const longestTitle = 100;
const longestLine = 160;
const longestStep = 140;

/** How the end of a task is told in a word. */
export const endings: Readonly<Record<TaskStatus, { readonly sign: string; readonly words: string }>> = {
  succeeded: { sign: '✅', words: 'Done' },
  failed: { sign: '❌', words: 'Failed' },
  cancelled: { sign: '🛑', words: 'Stopped' },
  'timed-out': { sign: '⏱️', words: 'Ran out of time' },
  'out-of-budget': { sign: '💸', words: 'Out of budget' },
};

/** The one message that shows how a task stands: changed as it goes on, until it is over. */
export function cardMessage(card: TaskCard): Outgoing {
  const speaker = card.isTalk ? '💬' : `${fullName(card.agent)}:`;
  const embed: APIEmbed = {
    title: `${speaker} ${plainLine(card.title ?? card.text, longestTitle)}`,
    color: colourOf(card),
    description: fitted(bodyOf(card).join('\n'), 3_000),
    fields: [
      { name: 'Spent', value: spent(card), inline: true },
      ...(card.tests ? [{ name: 'Tests', value: testsOf(card.tests), inline: true }] : []),
      ...(card.filesChanged > 0 ? [{ name: 'Files', value: counted(card.filesChanged, 'change'), inline: true }] : []),
    ],
    footer: { text: `task ${card.id}` },
  };
  return { content: headline(card), embeds: [embed], components: card.outcome ? [] : [stopRow(card)] };
}

function fullName(agent: AgentRole): string {
  const { sign, name } = voices[agent];
  return `${sign} ${name}`;
}

function headline(card: TaskCard): string {
  if (card.outcome) {
    const { sign, words } = endings[card.outcome.status];
    const isProved =
      card.outcome.status !== 'succeeded' || card.outcome.verified || card.answer !== undefined || card.isTalk;
    return isProved ? `${sign} ${words}` : `⚠️ ${words}, not verified`;
  }
  if (card.waiting) return card.waiting.isForPerson ? '⏸️ Waiting for you' : '⏳ Waiting';
  if (card.isTalk) return '💬 The team talks about it…';
  if (card.phases.length > 0) return `📊 Project status: ${percentDone(card.phases)}% complete`;
  if (card.agent !== 'developer') return openings[card.agent];
  return card.steps.length === 0 ? '🤖 Starting autonomous work via Claude Code…' : '🔄 Claude Code is at work…';
}

const openings = {
  'project-manager': '🎯 Analyzing…',
  'quality-assurance': '🔍 Conducting review…',
  'decision-maker': '🧭 Weighing the options…',
  'creative-innovator': '💡 Looking for really different ways…',
  'process-coach': '📈 Reading the figures…',
} as const;

function bodyOf(card: TaskCard): string[] {
  const waiting =
    card.waiting === undefined
      ? []
      : [`${card.waiting.isForPerson ? '⏸️' : '⏳'} ${plainLine(card.waiting.reason, longestLine)}`];
  if (card.isTalk) {
    return [spokenLine(card.spoken), ...waiting];
  }
  const tool = card.tool
    ? [`🛠️ ${plain(card.tool.name)}: ${card.tool.stage} (${Math.round(card.tool.progress * 100)}%)`]
    : [];
  const phases = card.phases.map((phase, index) => phaseLine(phase, index + 1));
  // What came to its end needs no steps: the report tells what came of them.
  const steps = card.outcome
    ? []
    : [
        ...(card.stepsBefore > 0 ? [`-# ${counted(card.stepsBefore, 'step')} before`] : []),
        ...card.steps.map((step) => `🔄 Claude Code: ${plainLine(step, longestStep)}`),
      ];
  const body = [...phases, ...(phases.length > 0 && steps.length > 0 ? [''] : []), ...tool, ...steps, ...waiting];
  return body.length > 0 ? body : [card.outcome ? plainLine(card.outcome.summary, longestLine) : '…'];
}

/** What was said stands below the card, message by message. */
function spokenLine(spoken: TaskCard['spoken']): string {
  const all = [...agentRoles, 'human' as const].flatMap((speaker) => {
    const count = spoken[speaker];
    return count === undefined ? [] : [`${speaker === 'human' ? '🙋 You' : fullName(speaker)} ${count}`];
  });
  return all.join(' · ') || '…';
}

const phaseSigns: Readonly<Record<ShownPhase['status'], string>> = {
  open: '▫️',
  working: '🔄',
  reviewed: '🔍',
  rejected: '🔁',
  done: '✅',
  skipped: '⏭️',
};

function phaseLine({ name, status, attempt }: ShownPhase, number: number): string {
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  return `${phaseSigns[status]} Phase ${number}: ${plainLine(name, longestLine)}${again}`;
}

/** What was spent, with the limit of prompts; times stand in Discord's own form, which goes on by itself. */
function spent({ promptsUsed, promptLimit, usd, startedAt, outcome, phases }: TaskCard): string {
  const since = outcome ? '' : ` · <t:${Math.floor(startedAt / 1000)}:R>`;
  // Those of a project are spent by all its tasks, each within a limit of its own.
  const prompts = phases.length > 0 ? counted(promptsUsed, 'prompt') : `${promptsUsed}/${promptLimit} prompts`;
  return `${prompts} · ${money(usd)}${since}`;
}

function testsOf({ passed, failed, skipped, by }: NonNullable<TaskCard['tests']>): string {
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  // What a command of the agent printed is no proof.
  const sign = failed > 0 ? '❌' : by === 'spiral' ? '✅' : '🧪';
  return `${sign} ${parts.join(', ')}${by === 'spiral' ? '' : ' (run by the agent)'}`;
}

function colourOf({ outcome, waiting }: TaskCard): number {
  if (outcome?.status === 'succeeded') return colours.good;
  if (outcome?.status === 'cancelled') return colours.ended;
  if (outcome) return colours.bad;
  return waiting === undefined ? colours.working : colours.waiting;
}

function stopRow({ id }: TaskCard): NonNullable<Outgoing['components']>[number] {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.Button,
        style: ButtonStyle.Danger,
        label: 'Stop',
        custom_id: customIdOf({ kind: 'stop', taskId: id }),
      },
    ],
  };
}
