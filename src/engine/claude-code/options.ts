import { join } from 'node:path';
import type { Options } from '@anthropic-ai/claude-agent-sdk';
import { allowedHosts } from '../../domain/permission.ts';
import type { SessionSetting } from '../engine.ts';
import { type CommandSandboxSetting, commandSandboxOf } from './command-sandbox.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { askingTool, guardHook } from './guard.ts';
import { namesOfOwnTools, serversOf } from './own-tools.ts';
import { permissionsOf } from './permissions.ts';

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
 *
 * @param exchange hears what the session wants and only a person can allow, and whether it got their answer
 */
export function optionsFor(
  setting: SessionSetting,
  place?: SessionPlace,
  exchange: Exchange = openExchange(),
): Options {
  const { workspace } = setting;
  const { tools: usual, allowed: usuallyAllowed } = offered[setting.tools];
  const own = namesOfOwnTools(setting.ownTools);
  const allowed = [...usuallyAllowed, ...own];
  const isWork = setting.tools === 'work';
  const mayAsk = isWork && setting.mayAsk === true;
  const tools = mayAsk ? [...usual, askingTool] : usual;
  const readable = ['/usr', ...(place ? [longOutputs(setting, place.folder)] : [])];
  const guard = { workspace, readable, tools: [...tools, ...own], allowed: mayAsk ? allowed : [] };
  const permissions = mayAsk ? permissionsOf(setting, guard, exchange) : undefined;
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
    // Commits are ours; what Claude Code would write into its own stands in every request.
    settings: { attribution: { commit: '', pr: '' } },
    ...serversOf(setting.ownTools),
    strictMcpConfig: true,
    skills: [],
    tools,
    permissionMode: isWork ? 'acceptEdits' : 'dontAsk',
    // Without somebody who answers them, Claude Code would not offer questions either.
    ...(permissions
      ? { permissionPrompts: 'host', canUseTool: permissions.canUseTool }
      : { permissionPrompts: 'none' }),
    // Where somebody could be asked, Claude Code warns of tools that are allowed by name; the hook allows them by the call.
    allowedTools: mayAsk ? [] : allowed,
    hooks: {
      PreToolUse: [guardHook(guard, setting.answered, exchange), ...(permissions ? [permissions.hearCommands] : [])],
    },
    // Without commands there is nothing to confine, and its start takes a good part of a second.
    ...(isWork && place?.commands
      ? { sandbox: commandSandboxOf({ ...confined(place.commands, setting, mayAsk), workspace, folder: place.folder }) }
      : {}),
  };
}

/** A host that a person allowed for the task is one of those that its commands may reach. */
function confined(
  commands: NonNullable<SessionPlace['commands']>,
  { decided = [] }: SessionSetting,
  asksForHosts: boolean,
): NonNullable<SessionPlace['commands']> {
  return { ...commands, hosts: [...commands.hosts, ...allowedHosts(decided)], asksForHosts };
}

/** Claude Code puts an output that is too long for the model here, and tells the model to read it. */
function longOutputs({ workspace, sessionId }: SessionSetting, folder: string): string {
  return join(folder, 'projects', workspace.replaceAll(/[^A-Za-z0-9]/g, '-'), sessionId, 'tool-results');
}
