import { join } from 'node:path';
import type { CanUseTool, Options } from '@anthropic-ai/claude-agent-sdk';
import { answersOf } from '../../domain/asked-person.ts';
import type { SessionSetting } from '../engine.ts';
import { type CommandSandboxSetting, commandSandboxOf } from './command-sandbox.ts';
import { askingTool, guardHook } from './guard.ts';

/**
 * What there is for each kind of session, and what of it is allowed without a question. To work: what is needed to write and
 * try code. Never anything that asks a person or reaches the web by itself.
 */
const offered: Readonly<Record<SessionSetting['tools'], { readonly tools: string[]; readonly allowed: string[] }>> = {
  work: { tools: ['Bash', 'Read', 'Write', 'Edit', 'Grep', 'Glob'], allowed: ['Bash', 'Grep', 'Glob'] },
  read: { tools: ['Read', 'Grep', 'Glob'], allowed: ['Read', 'Grep', 'Glob'] },
  none: { tools: [], allowed: [] },
};

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
  const { tools: usual, allowed } = offered[setting.tools];
  const isWork = setting.tools === 'work';
  const mayAsk = isWork && setting.mayAsk === true;
  const tools = mayAsk ? [...usual, askingTool] : usual;
  const readable = ['/usr', ...(place ? [longOutputs(setting, place.folder)] : [])];
  return {
    cwd: workspace,
    model: setting.model,
    ...(setting.begin === 'resume' ? { resume: setting.sessionId } : { sessionId: setting.sessionId }),
    // Without tools nothing of what Claude Code tells its model is of use.
    systemPrompt:
      setting.tools === 'none'
        ? setting.instructions
        : { type: 'preset', preset: 'claude_code', append: setting.instructions },
    settingSources: [],
    mcpServers: {},
    strictMcpConfig: true,
    skills: [],
    tools,
    permissionMode: isWork ? 'acceptEdits' : 'dontAsk',
    ...(mayAsk
      ? { permissionPrompts: 'host', canUseTool: permissionsWith(setting.answered) }
      : { permissionPrompts: 'none' }),
    // Where somebody could be asked, Claude Code warns of tools that are allowed by name; the hook allows them by the call.
    allowedTools: mayAsk ? [] : allowed,
    hooks: {
      PreToolUse: [guardHook({ workspace, readable, tools, allowed: mayAsk ? allowed : [] }, setting.answered)],
    },
    // Without commands there is nothing to confine, and its start takes a good part of a second.
    ...(isWork && place?.commands
      ? { sandbox: commandSandboxOf({ ...place.commands, workspace, folder: place.folder }) }
      : {}),
  };
}

/**
 * Nobody answers wishes for permission; without somebody who could, Claude Code would not offer questions either. A session
 * that goes on with an answer may make its call before it knows of our hook, and then asks here.
 */
function permissionsWith(answered: SessionSetting['answered']): CanUseTool {
  return async (tool, input, { toolUseID }) =>
    tool === askingTool && answered?.id === toolUseID
      ? { behavior: 'allow', updatedInput: { ...input, answers: answersOf(answered) } }
      : { behavior: 'deny', message: 'This is outside of what is allowed here, and nobody can allow it.' };
}

/** Claude Code puts an output that is too long for the model here, and tells the model to read it. */
function longOutputs({ workspace, sessionId }: SessionSetting, folder: string): string {
  return join(folder, 'projects', workspace.replaceAll(/[^A-Za-z0-9]/g, '-'), sessionId, 'tool-results');
}
