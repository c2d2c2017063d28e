import { type AgentRole, roleNamed } from '../domain/agent.ts';
import type { ToolDecision } from '../domain/tool-decision.ts';
import { wholeNumber } from './arguments.ts';
import { laterFrom } from './later.ts';
import { UsageError } from './usage-error.ts';

/** What was typed behind `spiral decide ID CHOICE`. */
export type DecideOptions = {
  readonly agents?: string;
  readonly maxPrompts?: string;
  readonly deadline?: string;
  readonly adopt?: boolean;
  readonly until?: string;
  readonly reason?: string;
  readonly use?: string;
  readonly workaround?: string;
};

const usualPrompts = '30';
const usualAgents = 'dev,qa';
const mostPrompts = 10_000;
const choices = ['approve', 'alternative', 'defer', 'reject'] as const;

export type DecisionName = (typeof choices)[number];

/** What stands for what, in a terminal or in a mistake that is told. */
export const missingOf: Readonly<Record<DecisionName, readonly (keyof DecideOptions)[]>> = {
  approve: ['agents', 'maxPrompts'],
  alternative: ['use', 'reason'],
  defer: ['until', 'reason'],
  reject: ['reason'],
};

/** Good answers for whoever only presses return. */
export const usualOf: Readonly<Partial<Record<keyof DecideOptions, string>>> = {
  agents: usualAgents,
  maxPrompts: usualPrompts,
};

export function decisionNamed(typed: string): DecisionName {
  const name = choices.find((one) => one === typed.trim().toLowerCase());
  if (name) return name;
  throw new UsageError(`A request is decided with ${choices.join(', ')}, not “${typed}”.`, 'See spiral decide --help.');
}

/** The decision, when nothing is missing. Throws `UsageError`. */
export function decisionFrom(name: DecisionName, options: DecideOptions, now: Date): ToolDecision {
  switch (name) {
    case 'approve': {
      const { deadline } = options;
      return {
        kind: 'approve',
        agents: agentsFrom(options.agents ?? usualAgents),
        maxPrompts: wholeNumber('--max-prompts', options.maxPrompts ?? usualPrompts, 1, mostPrompts),
        ...(deadline === undefined ? {} : { deadline: laterFrom('--deadline', deadline, now).toISOString() }),
        adoptWhenGreen: options.adopt === true,
      };
    }
    case 'alternative':
      return { kind: 'alternative', name: wordsOf(options, 'use', name), reason: wordsOf(options, 'reason', name) };
    case 'defer':
      return {
        kind: 'defer',
        until: laterFrom('--until', wordsOf(options, 'until', name), now).toISOString(),
        reason: wordsOf(options, 'reason', name),
      };
    case 'reject': {
      const workaround = options.workaround?.trim();
      return { kind: 'reject', reason: wordsOf(options, 'reason', name), ...(workaround ? { workaround } : {}) };
    }
  }
}

function wordsOf(options: DecideOptions, option: 'use' | 'until' | 'reason', name: DecisionName): string {
  const words = options[option];
  if (typeof words === 'string' && words.trim() !== '') return words.trim();
  throw new UsageError(`“${name}” needs --${option}.`, `For example: spiral decide ID ${examples[name]}`);
}

const examples: Readonly<Record<DecisionName, string>> = {
  approve: 'approve --agents dev,qa --max-prompts 30 --deadline 2d',
  alternative: 'alternative --use csv-to-json --reason "it does the same"',
  defer: 'defer --until 3d --reason "after the release"',
  reject: 'reject --reason "too rare" --workaround "do it by hand"',
};

function agentsFrom(typed: string): AgentRole[] {
  return typed
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      const role = roleNamed(name);
      if (role) return role;
      throw new UsageError(`There is no agent “${name}”.`, 'Name some of dev, pm, qa, dm, innovator, coach.');
    });
}
