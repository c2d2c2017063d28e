import { counted, duration, money } from '../../domain/amounts.ts';
import type { AgentAnswer } from '../../domain/answers/answer.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import { plainText } from '../../domain/plain-text.ts';
import type { ProjectReport } from '../../domain/project-report.ts';
import type { Deliverables } from '../../spiral/surface.ts';
import type { Outgoing, OutgoingFile } from '../outbox/outgoing.ts';
import { answerText } from './answers/answer.ts';
import type { TaskCard } from './card/card.ts';
import { endings } from './card/card-message.ts';
import { limits } from './limits.ts';
import { cutMarkdown, fitted, plain, plainLine } from './text.ts';
import { voices } from './voices.ts';

const listed = 8;
const longestLine = 200;
const contentRoom = 1_900;

/** What came of a task, as one message: what was observed, and what the model says only as its words. */
export function reportMessage(card: TaskCard, deliverables: Deliverables | undefined): Outgoing[] {
  const { outcome } = card;
  if (!outcome) return [];
  if (card.answer) return [answerMessage(card, card.answer, outcome)];
  if (card.isTalk) return [{ content: talkWords(card, outcome) }];
  const files = filesOf(deliverables);
  const lines = [
    headline(card, outcome),
    ...(card.report ? phaseLines(card.report) : fileLines(outcome)),
    testsLine(outcome),
    ...(outcome.claim ? [`Claude Code says, unchecked: “${plainLine(outcome.claim, longestLine)}”`] : []),
    ...(outcome.contradictions ?? []).map(() => '⚠️ What it says differs from what was observed.').slice(0, 1),
    spentLine(outcome, card),
    ...(card.branch === undefined ? [] : [`🌿 On branch ${plain(card.branch)}; take it with /merge.`]),
    ...placeLines(card, deliverables),
    `-# task ${card.id} · say here what is next`,
  ];
  return [{ content: cutMarkdown(lines.join('\n'), limits.content), ...(files.length > 0 ? { files } : {}) }];
}

function talkWords({ id }: TaskCard, outcome: TaskOutcome): string {
  const { sign, words } = endings[outcome.status];
  const why = outcome.reason === undefined ? undefined : plainLine(outcome.reason, longestLine);
  const isOver = outcome.status === 'succeeded';
  const end = isOver
    ? capital(why ?? 'nobody has anything to add')
    : `**${words}**${why === undefined ? '' : `: ${why}`}`;
  return `${sign} ${end}\n-# task ${id} · say here what comes next, and it goes on`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function headline(card: TaskCard, outcome: TaskOutcome): string {
  const { sign, words } = endings[outcome.status];
  const why = outcome.reason === undefined ? '' : `: ${plainLine(outcome.reason, longestLine)}`;
  if (outcome.status !== 'succeeded') return `${sign} **${words}**${why}`;
  if (!outcome.verified) return `⚠️ **Task completed, but NOT verified**${why}`;
  const what = card.report ? `Project “${plainLine(card.report.title, 80)}” completed!` : 'Task completed!';
  return `✅ **${what}** ${createdWords(outcome)}`;
}

/** `Created todo-api/ (5 files) with 23 passing tests.` */
function createdWords({ filesCreated, filesModified, tests }: TaskOutcome): string {
  const [folder, ...others] = [
    ...new Set(filesCreated.map((path) => (path.includes('/') ? `${path.split('/')[0]}/` : ''))),
  ];
  const where = folder === undefined || folder === '' || others.length > 0 ? '' : `${plain(folder)} with `;
  const made = filesCreated.length > 0 ? [`Created ${where}${counted(filesCreated.length, 'file')}`] : [];
  const changed =
    filesModified.length > 0 ? [`${made.length > 0 ? 'changed' : 'Changed'} ${filesModified.length}`] : [];
  const all = [...made, ...changed].join(', ') || 'No files changed';
  return tests && tests.passed > 0 ? `${all}, ${tests.passed} passing tests.` : `${all}.`;
}

function fileLines({ filesCreated, filesModified, filesDeleted }: TaskOutcome): string[] {
  const all = [
    ...filesCreated.map((path) => `+ ${path}`),
    ...filesModified.map((path) => `~ ${path}`),
    ...filesDeleted.map((path) => `- ${path}`),
  ];
  const shown = all.slice(0, listed).map((line) => `\`${fitted(line.replaceAll('`', ''), 120)}\``);
  return [...shown, ...(all.length > listed ? [`-# … and ${all.length - listed} more`] : [])];
}

function phaseLines({ phases, recommendations }: ProjectReport): string[] {
  const signs = { done: '✅', skipped: '⏭️', open: '▫️' } as const;
  return [
    ...phases.map(({ name, status, tests }, index) => {
      const proof = tests ? `, ${counted(tests.passed, 'test')} passing` : '';
      return `${signs[status]} Phase ${index + 1}: ${plainLine(name, 100)}${proof}`;
    }),
    ...recommendations.slice(0, 3).map((one) => `💡 ${plainLine(one, longestLine)}`),
  ];
}

function testsLine({ tests }: TaskOutcome): string {
  if (!tests) return '🧪 No tests were run by Spiral.';
  const failed = tests.failed > 0 ? `, ${tests.failed} failed` : '';
  const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
  return `🧪 ${tests.passed} passed${failed}${skipped} (run by Spiral)`;
}

function spentLine({ promptsUsed, costUsd, durationMs }: TaskOutcome, { promptLimit }: TaskCard): string {
  return `🔥 ${promptsUsed}/${promptLimit} prompts · ${money(costUsd)} · ${duration(durationMs)}`;
}

function filesOf(deliverables: Deliverables | undefined): OutgoingFile[] {
  if (!deliverables) return [];
  const { files, zip, patch } = deliverables;
  const all = files.length > 0 ? files : [...(patch ? [patch] : []), ...(zip ? [zip] : [])];
  const named = all.slice(0, limits.files).map(({ name, content }) => ({ name: nameInChat(name), content }));
  return named.filter(({ content }) => content.length <= limits.fileBytes);
}

/** A path as the name of a file, for Discord knows no folders. */
function nameInChat(path: string): string {
  const name = path.replaceAll(/[\\/]+/g, '__').replaceAll(/[^\w.+-]/g, '_');
  return name.length > 100 ? name.slice(-100) : name;
}

function placeLines(card: TaskCard, deliverables: Deliverables | undefined): string[] {
  if (!deliverables) return [];
  const { workspace, withheld } = deliverables;
  return [
    `📁 \`${workspace.replaceAll('`', '')}\``,
    ...(withheld.length > 0 && !card.answer ? [`🔒 ${counted(withheld.length, 'file')} kept back`] : []),
  ];
}

/** A long answer comes whole as a file, with its beginning in the message. */
function answerMessage(card: TaskCard, answer: AgentAnswer, outcome: TaskOutcome): Outgoing {
  const { sign, name } = voices[card.agent];
  const why = outcome.reason === undefined ? '' : `: ${plainLine(outcome.reason, longestLine)}`;
  const { sign: endSign, words } = endings[outcome.status];
  const end = outcome.status === 'succeeded' ? '' : `\n${endSign} **${words}**${why}`;
  const spent = `${end}\n-# ${outcome.promptsUsed} prompts · ${money(outcome.costUsd)} · task ${card.id}`;
  const text = `${sign} **${name}**\n${answerText(answer)}`;
  if (text.length + spent.length <= contentRoom) return { content: `${text}${spent}` };
  return {
    content: `${cutMarkdown(text, contentRoom - spent.length)}${spent}`,
    files: [{ name: 'answer.md', content: new TextEncoder().encode(answerText(answer, plainText)) }],
  };
}
