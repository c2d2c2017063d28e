import type { Options } from '@anthropic-ai/claude-agent-sdk';
import type { ToolAccess } from '../../toolbox/toolbox.ts';

const serverName = 'spiral';

/** The person or the budget ends a call that takes too long, not a clock. */
const callTimeoutMs = 24 * 3600 * 1000;

/** What Claude Code calls our own tools. */
export function namesOfOwnTools(own: ToolAccess | undefined): readonly string[] {
  return (own?.names ?? []).map((name) => `mcp__${serverName}__${name}`);
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
