import type { Options } from '@anthropic-ai/claude-agent-sdk';
import type { ToolAccess } from '../../toolbox/toolbox.ts';

const serverName = 'spiral';

/** The person or the budget ends a call that takes too long, not a clock. */
const callTimeoutMs = 24 * 3600 * 1000;

const prefix = `mcp__${serverName}__`;

/** What Claude Code calls our own tools; where they change, the pattern of all that our server ever has. */
export function namesOfOwnTools(own: ToolAccess | undefined): readonly string[] {
  if (own?.names === 'changing') return [`${prefix}*`];
  return (own?.names ?? []).map((name) => `${prefix}${name}`);
}

/** Whether a tool is one of these names, of which one that ends in `*` stands for all that begin so. */
export function isNamed(tool: string, names: readonly string[]): boolean {
  return names.some((name) => (name.endsWith('*') ? beginsWith(tool, name.slice(0, -1)) : tool === name));
}

function beginsWith(tool: string, start: string): boolean {
  return tool.startsWith(start) && tool.length > start.length;
}

/** How Claude Code finds our own tools, and no other server. */
export function serversOf(own: ToolAccess | undefined): Pick<Options, 'mcpServers' | 'mcpServersDelivery'> {
  if (!own || own.names.length === 0) return { mcpServers: {} };
  return {
    mcpServers: {
      [serverName]: {
        type: 'http',
        url: own.url,
        headers: { Authorization: `Bearer ${own.token}` },
        timeout: callTimeoutMs,
        // The first answer of the model waits for them; otherwise it could begin without.
        alwaysLoad: true,
      },
    },
    // Neither the command line nor the environment, which a command might see, has the token.
    mcpServersDelivery: 'initialize',
  };
}
