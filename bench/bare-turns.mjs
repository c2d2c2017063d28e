// The peer of tasks in one process: a process that lives on and asks Claude Code through the Agent SDK, once for each
// message { workspace } from its parent. Answers { resultMs, endMs }: until the result, and until Claude Code has ended.
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

process.on('message', async ({ workspace }) => {
  const begun = performance.now();
  let resultMs = Number.NaN;
  const options = { cwd: workspace, model: 'sonnet', settingSources: [], permissionMode: 'acceptEdits', env };
  for await (const message of query({ prompt: 'Write a note', options })) {
    if (message.type === 'result') resultMs = performance.now() - begun;
  }
  process.send({ resultMs, endMs: performance.now() - begun });
});
