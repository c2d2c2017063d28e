// The peer: the least that asks Claude Code anything through the Agent SDK. Same options as ours where they cost time,
// unless others are given: bare-sdk.mjs FOLDER [OPTIONS AS JSON].
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
const [folder, given] = process.argv.slice(2);
const chosen = given ? JSON.parse(given) : { model: 'sonnet', settingSources: [], permissionMode: 'acceptEdits' };
for await (const message of query({ prompt: 'Write a note', options: { cwd: folder, env, ...chosen } })) {
  if (message.type === 'result') break;
}
