import type { Block, Reply } from './messages.ts';
import type { Script } from './server.ts';

/** One answer of a play: what the model says and which tools it calls. */
export type Turn = readonly Block[];

/** What the model does in one round, answer by answer; the last one calls no tool and so ends the round. */
export type Round = readonly Turn[];

/**
 * A script from rounds written in advance: the first prompt plays the first round, the second the second, and so on. A
 * conversation that goes on beyond what was written ends each round at once.
 */
export function play(rounds: readonly Round[]): Script {
  return ({ prompts, turn }): Reply => {
    const blocks = rounds[prompts.length - 1]?.[turn];
    return { kind: 'message', blocks: blocks ?? [{ type: 'text', text: 'There is nothing more in this script.' }] };
  };
}

export function say(text: string): Block {
  return { type: 'text', text };
}

/** Claude Code's Bash tool. */
export function bash(command: string, description: string): Block {
  return { type: 'tool', name: 'Bash', input: { command, description } };
}

/** Claude Code's Write tool. */
export function write(path: string, content: string): Block {
  return { type: 'tool', name: 'Write', input: { file_path: path, content } };
}

/** Claude Code's Edit tool. */
export function edit(path: string, before: string, after: string): Block {
  return { type: 'tool', name: 'Edit', input: { file_path: path, old_string: before, new_string: after } };
}

/** A function of ours that is served to the session. */
export function ownTool(name: string, input: Readonly<Record<string, unknown>>): Block {
  return { type: 'tool', name: `mcp__spiral__${name}`, input };
}
