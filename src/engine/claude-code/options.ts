import type { Options } from '@anthropic-ai/claude-agent-sdk';
import type { SessionSetting } from '../engine.ts';

/** What the developer needs to write and try code; nothing that asks a person or reaches the web by itself. */
const tools = ['Bash', 'Read', 'Write', 'Edit', 'Grep', 'Glob'];

/**
 * Every option that decides what a session may do, stated: the defaults depend on settings files of the machine.
 * `settingSources: []` keeps the workspace's own settings, hooks and permissions out; its MCP servers are kept out by
 * `strictMcpConfig`.
 */
export function optionsFor(setting: SessionSetting): Options {
  return {
    cwd: setting.workspace,
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
  };
}
