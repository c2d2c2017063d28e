// The peer: the least that asks Claude Code anything through the Agent SDK. Same options as ours where they cost time.
import { query } from '@anthropic-ai/claude-agent-sdk';

const { PATH, HOME, CLAUDE_CONFIG_DIR, ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL } = process.env;
const env = {
  PATH,
  HOME,
  CLAUDE_CONFIG_DIR,
  ANTHROPIC_API_KEY,
  ANTHROPIC_BASE_URL,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
};
const options = { cwd: process.argv[2], model: 'sonnet', settingSources: [], permissionMode: 'acceptEdits', env };
for await (const message of query({ prompt: 'Write a note', options })) {
  if (message.type === 'result') break;
}
