import type { AgentRole } from './agent.ts';
import type { Analysis } from './analysis.ts';
import type { AnsweredCall } from './asked-person.ts';
import type { Origin } from './event.ts';
import type { ConversationId, MachineId, SessionId, TaskId, ToolRequestId } from './identifiers.ts';
import type { Ending, TaskStatus } from './outcome.ts';
import type { Coordinating, Project } from './project.ts';
import { afterChoice } from './project-choice.ts';
import { nextProjectStep, type ProjectStep } from './project-step.ts';
import type { ChosenAnswer } from './question.ts';
import { maxIterations } from './strategy.ts';
import type { ResumedState, Retiring, RoundReason, TaskState, Wait } from './task-state.ts';
import { afterToolChoice, nextToolStep, type ToolStep } from './tool-step.ts';
import type { Tooling } from './tool-work.ts';

/** An existing repository that a task works for, in a worktree of its own. */
export type Repository = {
  /** Its root, absolute, after symlinks. The workspace of the task is the worktree. */
  readonly path: string;
  readonly branch: string;
  /** The commit that the branch began at. */
  readonly base: string;
};

/** Work that nobody watches: questions are answered as was written down beforehand, and at `deadline` it ends. */
export type Night = {
  /** The day of the evening, `YYYY-MM-DD`. */
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly deadline: string;
};

/**
 * What an agent is wanted for. Of the project manager: `either` (it decides itself whether to analyse or to plan and build),
 * `analysis` or `plan`. Of quality assurance: `risks` of a plan, or `test-cases` for requirements; without a wish a review.
 */
export type Wish = {
  readonly answer: 'either' | 'analysis' | 'plan' | 'risks' | 'test-cases';
  /** Of the project manager: nothing is built before a person has confirmed the plan. */
  readonly approvePlan: boolean;
};

/** What a task is that was given to nobody in particular: agents talk about it, and nothing is built. */
export type Talk = {
  /** Whoever says what the task says; a person when it is left out. */
  readonly author?: AgentRole;
  readonly conversationId: ConversationId;
  readonly topic: string;
  readonly members: readonly AgentRole[];
};

export type Task = {
  readonly id: TaskId;
  readonly text: string;
  readonly agent: AgentRole;
  readonly origin: Origin;
  /** Absolute, after symlinks. */
  readonly workspace: string;
  readonly machine: MachineId;
  readonly model: string;
  readonly sessionId: SessionId;
  readonly promptLimit: number;
  /** Wall-clock time of each round of Claude Code; waiting for a human never counts. */
  readonly roundTimeoutSeconds: number;
  readonly continues?: TaskId;
  readonly repository?: Repository;
  readonly night?: Night;
  readonly wish?: Wish;
  readonly talk?: Talk;
  /** Of a developer's task in a project: the task that the project is. */
  readonly project?: TaskId;
  /** Of work on a tool: the request that it is for. */
  readonly toolRequest?: ToolRequestId;
  /** The tool that nobody uses and about which a person is asked. */
  readonly retires?: string;
  /** Files that came with it, as paths inside the workspace. */
  readonly attachments?: readonly string[];
  readonly state: TaskState;
  /** A person asked for the end; whoever drives the task ends it as cancelled. */
  readonly cancelRequested: boolean;
  /** A person holds it: nobody drives it until they let it go on. */
  readonly isHeld: boolean;
  /** Raised whenever somebody takes the task over; a write that carries an older one is refused. */
  readonly attempt: number;
  readonly createdAt: Date;
};

/** Whether its model only played a part. No other model may go on with it: that would cost money nobody meant to spend. */
export function isRehearsed({ origin }: Pick<Task, 'origin'>): boolean {
  return origin === 'demo';
}

export type TaskStep =
  | { readonly kind: 'analyse' }
  /** Runs the tests that are there before anything is changed. */
  | { readonly kind: 'measure'; readonly analysis: Analysis }
  | { readonly kind: 'begin-round'; readonly analysis: Analysis; readonly round: number; readonly because: RoundReason }
  | {
      readonly kind: 'work';
      readonly analysis: Analysis;
      readonly round: number;
      readonly because: RoundReason;
      /** What the agent had asked a person, and what they said. */
      readonly answered?: AnsweredCall;
    }
  | { readonly kind: 'verify'; readonly analysis: Analysis; readonly round: number }
  /** Spends the prompt of an agent that answers. */
  | { readonly kind: 'begin-answer' }
  | { readonly kind: 'answer' }
  /** Lets the agents of a conversation talk until nobody has anything to say. */
  | { readonly kind: 'converse'; readonly talk: Talk }
  | { readonly kind: 'coordinate'; readonly state: Coordinating; readonly step: ProjectStep }
  /** Makes a task of the project manager the work on a request for a tool. */
  | { readonly kind: 'begin-tool-work'; readonly requestId: ToolRequestId }
  | { readonly kind: 'work-on-tool'; readonly state: Tooling; readonly step: ToolStep }
  /** Finds out whether a tool is still unused, to ask a person. */
  | { readonly kind: 'begin-retirement'; readonly tool: string }
  /** Asks a person about a tool that nobody uses, or does what they said. */
  | { readonly kind: 'retire'; readonly state: Retiring }
  /** Nothing is to be done before a human has answered, or before a time. */
  | { readonly kind: 'wait'; readonly for: Wait; readonly resume: ResumedState }
  | { readonly kind: 'finish'; readonly ending: Ending };

/** The one place that decides what happens to a task next; undefined when it is over. */
export function nextStep(
  task: Pick<Task, 'state' | 'cancelRequested' | 'agent' | 'talk' | 'toolRequest' | 'retires'>,
): TaskStep | undefined {
  const { state } = task;
  if (state.kind === 'finished') return undefined;
  if (state.kind === 'ended') return { kind: 'finish', ending: state.ending };
  if (task.cancelRequested) return finish('cancelled', false, 'cancelled by a person');
  switch (state.kind) {
    case 'accepted':
      if (task.retires !== undefined) return { kind: 'begin-retirement', tool: task.retires };
      if (task.talk) return { kind: 'converse', talk: task.talk };
      if (task.agent === 'developer') return { kind: 'analyse' };
      return task.toolRequest === undefined
        ? { kind: 'begin-answer' }
        : { kind: 'begin-tool-work', requestId: task.toolRequest };
    case 'analysed':
      return state.baseline === 'due'
        ? { kind: 'measure', analysis: state.analysis }
        : { kind: 'begin-round', analysis: state.analysis, round: 1, because: { kind: 'first' } };
    case 'working':
      return workStep(state);
    case 'worked':
      return { kind: 'verify', analysis: state.analysis, round: state.round };
    case 'verified':
      return afterVerdict(state);
    case 'asking':
      return { kind: 'answer' };
    case 'coordinating':
      return { kind: 'coordinate', state, step: nextProjectStep(state) };
    case 'tooling':
      return { kind: 'work-on-tool', state, step: nextToolStep(state) };
    case 'retiring':
      return { kind: 'retire', state };
    case 'waiting':
      return { kind: 'wait', for: state.for, resume: state.resume };
  }
}

/** What the project manager is wanted for; a wish for another agent says nothing to it. */
export function managedWish(wish: Wish | undefined): 'either' | 'analysis' | 'plan' {
  return wish?.answer === 'analysis' || wish?.answer === 'plan' ? wish.answer : 'either';
}

/** Where a task goes on after a person chose one of the answers that its question offered. */
export function resumedBy(resume: ResumedState, answer: ChosenAnswer): TaskState {
  // A call with words was answered before; what is answered now is something else, which its event tells.
  if (resume.kind === 'working' && resume.call && resume.call.words === undefined) {
    return { ...resume, call: { ...resume.call, words: answer.text ?? answer.choice } };
  }
  if (resume.kind === 'tooling') return afterToolChoice(resume, answer);
  if (resume.kind === 'retiring') return { ...resume, decision: answer.choice === 'retire' ? 'retire' : 'keep' };
  if (resume.kind !== 'coordinating') return resume;
  const next = afterChoice(resume, answer);
  if (next !== 'stopped') return next;
  const ending = { status: 'cancelled', verified: false, reason: 'a person stopped the project' } as const;
  return { kind: 'ended', ending, project: resume.project };
}

/** The project whose budget a task uses: a task of the project manager is a project's beginning. */
export function budgetProjectOf({
  id,
  agent,
  project,
  talk,
}: Pick<Task, 'id' | 'agent' | 'project' | 'talk'>): TaskId | undefined {
  return project ?? (agent === 'project-manager' && !talk ? id : undefined);
}

/** Whether what a task gives is an answer: nothing was built that could be verified. */
export function isAnswered(task: Pick<Task, 'agent' | 'state' | 'toolRequest' | 'retires'>): boolean {
  const isAboutTool = task.toolRequest !== undefined || task.retires !== undefined;
  return task.agent !== 'developer' && !isAboutTool && projectOf(task) === undefined;
}

/** The project that a task has become; undefined when it is none. */
export function projectOf({ state }: Pick<Task, 'state'>): Project | undefined {
  const whole = state.kind === 'waiting' ? state.resume : state;
  return 'project' in whole ? whole.project : undefined;
}

function workStep({ analysis, round, because, call }: TaskState & { kind: 'working' }): TaskStep {
  const answered = call?.words === undefined ? {} : { answered: { ...call, words: call.words } };
  return { kind: 'work', analysis, round, because, ...answered };
}

function afterVerdict({ analysis, round, verdict }: TaskState & { kind: 'verified' }): TaskStep {
  const isLast = round >= maxIterations(analysis.strategy);
  switch (verdict.kind) {
    case 'passed':
      return finish('succeeded', true);
    case 'distrusted':
    case 'no-tests':
    case 'not-run':
      return finish('succeeded', false, verdict.reason);
    case 'weakened':
      if (verdict.told || isLast) return finish('succeeded', false, verdict.reason);
      break;
    case 'failed':
      if (isLast) return finish('failed', false, `tests still fail after ${round} rounds`);
      if (verdict.stalled) {
        return finish('failed', false, `no progress: round ${round} changed no file and the same tests fail`);
      }
      break;
  }
  return { kind: 'begin-round', analysis, round: round + 1, because: { kind: 'mend', failures: verdict.failures } };
}

function finish(status: TaskStatus, verified: boolean, reason?: string): TaskStep {
  return { kind: 'finish', ending: { status, verified, ...(reason === undefined ? {} : { reason }) } };
}
