import { randomUUID } from 'node:crypto';
import type { GateReport } from '../../domain/gate-report.ts';
import type { Choice, QuestionKind } from '../../domain/question.ts';
import type { Task } from '../../domain/task.ts';
import { cardLines } from '../../domain/tool-card.ts';
import { changesOfTool, filesInBrief, inBrief } from '../../domain/tool-changes.ts';
import type { ToolRequest } from '../../domain/tool-request.ts';
import type { ToolMatter } from '../../domain/tool-step.ts';
import type { Tooling } from '../../domain/tool-work.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { candidateOf } from './candidate.ts';
import { asPublished } from './publishable.ts';
import { requestFor } from './request-for.ts';

const idLength = 8;
const longestText = 5_000;

const stop: Choice = { name: 'stop', meaning: 'there will be no tool', needsText: false };
const choicesOf: Readonly<Record<ToolMatter, readonly Choice[]>> = {
  decision: [
    { name: 'approve', meaning: 'build it', needsText: false },
    { name: 'alternative', meaning: 'use something else', needsText: true },
    { name: 'defer', meaning: 'ask again later', needsText: true },
    { name: 'reject', meaning: 'do not build it', needsText: true },
  ],
  adoption: [
    { name: 'adopt', meaning: 'every agent uses it from now on', needsText: false },
    { name: 'change', meaning: 'work on it once more, with your words', needsText: true },
    { name: 'discard', meaning: 'there will be no tool, for your reason', needsText: true },
  ],
  attempts: [{ name: 'continue', meaning: 'try again, as often as before', needsText: false }, stop],
  deadline: [{ name: 'continue', meaning: 'go on without a deadline', needsText: false }, stop],
  trouble: [{ name: 'retry', meaning: 'try again', needsText: false }, stop],
};

/** Saves the question that only a person can answer; the work waits as a row until then. */
export async function askHumanAboutTool(
  task: Task,
  state: Tooling,
  matter: ToolMatter,
  { store, toolbox }: Pick<RunTaskNeeds, 'store' | 'toolbox'>,
  { writer }: StepContext,
): Promise<Task> {
  const { id: taskId } = task;
  const request = await requestFor(state.build.requestId, store);
  const questionId = randomUUID().replaceAll('-', '').slice(0, idLength);
  const choices = choicesOf[matter];
  const kind = kindOf(matter);
  const changes = matter === 'adoption' ? await changesFor(task, request, state, { store, toolbox }) : [];
  const text = textOf(request, state, matter, changes).slice(0, longestText);
  return store.tasks.ask(writer, { id: questionId, taskId, kind, text, choices }, state, [
    { news: { type: 'question.asked', taskId, questionId, kind, text, choices } },
    { news: { type: 'task.waiting', taskId, reason: reasonOf(matter), questionId } },
  ]);
}

function kindOf(matter: ToolMatter): QuestionKind {
  if (matter === 'decision') return 'tool-request';
  return matter === 'adoption' ? 'adoption' : 'question';
}

/** What would be adopted, beside what is served now: the files of a first version, the difference to the one before of a later one. */
async function changesFor(
  task: Task,
  { id, name }: ToolRequest,
  { build }: Tooling,
  { store, toolbox }: Pick<RunTaskNeeds, 'store' | 'toolbox'>,
): Promise<string[]> {
  const files = asPublished((await candidateOf(task, { toolbox })).files, build);
  const whole = `The whole of it: spiral tools show ${id} --diff`;
  const served = await store.tools.get(name);
  const before = served && (await store.tools.files(name, served.manifest.version));
  if (!served || !before) return ['Its files:', ...inBrief(filesInBrief(files)), whole];
  const changes = changesOfTool(before, files);
  return [`What changes after ${served.manifest.version}:`, ...inBrief(changes), whole];
}

function textOf(
  request: ToolRequest,
  { build, blocked, at }: Tooling,
  matter: ToolMatter,
  changes: readonly string[],
): string {
  switch (matter) {
    case 'decision':
      return build.card
        ? cardLines(request, build.card).join('\n')
        : `${request.requestedBy} asks for the tool ${request.name}: ${request.description}\n${request.requirements.map((line) => `- ${line}`).join('\n')}\nThe project manager gave no usable assessment.`;
    case 'adoption':
      return [
        `The tool ${request.name} ${build.proof?.version ?? ''} passed the gate. Adopt it?`,
        ...(build.proof?.asksForMore ? ['It asks for rights that it has not now: see tool.json.'] : []),
        ...tableOf(build.proof?.report),
        ...changes,
      ].join('\n');
    case 'attempts':
    case 'deadline':
      return `${request.name}: ${at.kind === 'stuck' ? at.reason : ''}\nIt was tried ${build.attempts.length} times. Go on?`;
    case 'trouble':
      return `${request.name}: the work cannot go on (${blocked ?? ''}). Try again?`;
  }
}

/** The rows of the gate, one line each. */
function tableOf(report: GateReport | undefined): string[] {
  return (report?.rows ?? []).map(
    ({ check, verdict, detail }) => `${verdict === 'passed' ? '✓' : '✗'} ${check}: ${detail}`,
  );
}

function reasonOf(matter: ToolMatter): string {
  switch (matter) {
    case 'decision':
      return 'a request for a tool is to be decided';
    case 'adoption':
      return 'a tool is to be adopted';
    case 'attempts':
      return 'the tool was tried often enough';
    case 'deadline':
      return 'the deadline of the tool is over';
    case 'trouble':
      return 'the work on a tool cannot go on';
  }
}
