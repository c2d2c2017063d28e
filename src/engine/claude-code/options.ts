import { join } from 'node:path';
import type { Options } from '@anthropic-ai/claude-agent-sdk';
import type { SessionSetting } from '../engine.ts';
import { type CommandSandboxSetting, commandSandboxOf } from './command-sandbox.ts';
import { guardHook } from './guard.ts';

/** What the developer needs to write and try code; nothing that asks a person or reaches the web by itself. */
const tools = ['Bash', 'Read', 'Write', 'Edit', 'Grep', 'Glob'];

export type SessionPlace = {
  /** Where Claude Code keeps its state, absolute and without links: with a login, the person's own folder. */
  readonly folder: string;
  /** How its commands are confined, where that can be kept. */
  readonly commands?: Omit<CommandSandboxSetting, 'workspace' | 'folder'> | undefined;
};

/**
 * Every option that decides what a session may do, stated: the defaults depend on settings files of the machine.
 * `settingSources: []` keeps the workspace's own settings, hooks and permissions out; its MCP servers are kept out by
 * `strictMcpConfig`.
 */
export function optionsFor(setting: SessionSetting, place?: SessionPlace): Options {
  const { workspace } = setting;
  const readable = ['/usr', ...(place ? [longOutputs(setting, place.folder)] : [])];
  return {
    cwd: workspace,
    model: setting.model,
    ...(setting.begin === 'resume' ? { resume: setting.sessionId } : { sessionId: setting.sessionId }),
    systemPrompt: { type: 'preset', preset: 'claude_code', append: setting.instructions },
    settingSources: [],
    mcpServers: {},
    strictMcpConfig: true,
    skills: [],
    tools,
    permissionMode: 'acceptEdits',
    permissionPrompts: 'none',
    allowedTools: ['Bash', 'Grep', 'Glob'],
    hooks: { PreToolUse: [guardHook({ workspace, readable, tools })] },
    ...(place?.commands ? { sandbox: commandSandboxOf({ ...place.commands, workspace, folder: place.folder }) } : {}),
  };
}

/** Claude Code puts an output that is too long for the model here, and tells the model to read it. */
function longOutputs({ workspace, sessionId }: SessionSetting, folder: string): string {
  return join(folder, 'projects', workspace.replaceAll(/[^A-Za-z0-9]/g, '-'), sessionId, 'tool-results');
}
