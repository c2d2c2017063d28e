import { type AgentRole, agentRoles, roleNamed, shortNames } from '../domain/agent.ts';
import { nearest } from '../domain/nearest.ts';
import { UsageError } from './usage-error.ts';

const longestTimeoutSeconds = 7 * 24 * 3600;
const longestPromptLimit = 10_000;

/** `-m`: how many prompts a task may spend. */
export function promptLimitFrom(value: string): number {
  return wholeNumber('--max-prompts', value, 1, longestPromptLimit);
}

/** `-t`: seconds that each round of Claude Code may take. */
export function timeoutFrom(value: string): number {
  return wholeNumber('--timeout', value, 1, longestTimeoutSeconds);
}

/** A position in the list of events. */
export function positionFrom(value: string): number {
  return wholeNumber('--after', value, 0, Number.MAX_SAFE_INTEGER);
}

/** How many lines of a list to show. */
export function countFrom(value: string): number {
  return wholeNumber('--limit', value, 1, 10_000);
}

/** `--agent`: a whole or a short name. */
export function agentFrom(value: string): AgentRole {
  const role = roleNamed(value);
  if (role) return role;
  const guess = nearest(value.toLowerCase(), [...agentRoles, ...Object.keys(shortNames)]);
  throw new UsageError(
    `There is no agent “${value}”.`,
    guess ? `Did you mean --agent ${guess}?` : `Agents: ${agentRoles.join(', ')}.`,
  );
}

const costKeys = ['agent', 'task', 'day'] as const;

/** `--by`: what costs are added up for. */
export function costKeyFrom(value: string): (typeof costKeys)[number] {
  const key = costKeys.find((key) => key === value.trim().toLowerCase());
  if (key) return key;
  throw new UsageError(`--by is “${value}”.`, `Give ${costKeys.slice(0, -1).join(', ')} or ${costKeys.at(-1)}.`);
}

export function wholeNumber(option: string, value: string, least: number, most: number): number {
  const number = /^[+-]?\d+$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new UsageError(`${option} is “${value}”.`, `Give a whole number from ${least} to ${most}.`);
}

/**
 * Refuses a task of one word that looks like a command: a mistyped command must not become a paid task.
 *
 * @param commands the names of all commands
 */
export function refuseMistypedCommand(task: string, commands: readonly string[]): void {
  const word = task.trim().toLowerCase();
  if (word === '' || /\s/.test(word)) return;
  const guess = commands.find((command) => command.startsWith(word)) ?? nearest(word, commands);
  if (guess === undefined) return;
  throw new UsageError(
    `“${task.trim()}” looks like a command, and there is none of that name.`,
    `Did you mean spiral ${guess}? To give it as a task: spiral run "${task.trim()}"`,
  );
}
