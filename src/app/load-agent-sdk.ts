/** Loads what starts Claude Code, so that the first session need not wait for it; the engine loads it again and tells. */
export function loadAgentSdk(): void {
  import('@anthropic-ai/claude-agent-sdk').catch(() => undefined);
}
