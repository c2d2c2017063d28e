import type { ToolDecision } from '../domain/tool-decision.ts';
import {
  type DecisionKind,
  decisionFromTyped,
  decisionKinds,
  mostPromptsOfDecision,
  type TypedDecision,
  type UnclearDecision,
  usualDecision,
} from '../domain/typed-decision.ts';
import { laterProblem } from './later.ts';
import { UsageError } from './usage-error.ts';

/** What was typed behind `spiral decide ID CHOICE`. */
export type DecideOptions = TypedDecision;

export type DecisionName = DecisionKind;

/** What stands for what, in a terminal or in a mistake that is told. */
export const missingOf: Readonly<Record<DecisionName, readonly (keyof DecideOptions)[]>> = {
  approve: ['agents', 'maxPrompts'],
  alternative: ['use', 'reason'],
  defer: ['until', 'reason'],
  reject: ['reason'],
};

/** Good answers for whoever only presses return. */
export const usualOf: Readonly<Partial<Record<keyof DecideOptions, string>>> = usualDecision;

export function decisionNamed(typed: string): DecisionName {
  const name = decisionKinds.find((one) => one === typed.trim().toLowerCase());
  if (name) return name;
  throw new UsageError(
    `A request is decided with ${decisionKinds.join(', ')}, not “${typed}”.`,
    'See spiral decide --help.',
  );
}

/** The decision, when nothing is missing. Throws `UsageError`. */
export function decisionFrom(name: DecisionName, options: DecideOptions, now: Date): ToolDecision {
  const decision = decisionFromTyped(name, options, now);
  if (decision.kind !== 'problem') return decision;
  throw usageErrorOf(name, decision);
}

function usageErrorOf(name: DecisionName, problem: UnclearDecision): UsageError {
  switch (problem.why) {
    case 'missing':
      return new UsageError(`“${name}” needs --${problem.field}.`, `For example: spiral decide ID ${examples[name]}`);
    case 'unknown':
      return new UsageError(`There is no agent “${problem.value}”.`, 'Name some of dev, pm, qa, dm, innovator, coach.');
    case 'over':
    case 'unclear':
      return problem.field === 'maxPrompts'
        ? new UsageError(
            `--max-prompts is “${problem.value}”.`,
            `Give a whole number from 1 to ${mostPromptsOfDecision}.`,
          )
        : laterProblem(`--${problem.field}`, problem.value, problem.why);
  }
}

const examples: Readonly<Record<DecisionName, string>> = {
  approve: 'approve --agents dev,qa --max-prompts 30 --deadline 2d',
  alternative: 'alternative --use csv-to-json --reason "it does the same"',
  defer: 'defer --until 3d --reason "after the release"',
  reject: 'reject --reason "too rare" --workaround "do it by hand"',
};
