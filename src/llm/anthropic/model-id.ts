/** What people write for the newest model of a family, as Claude Code reads it; the model API knows ids alone. */
const newest: Readonly<Record<string, string>> = {
  fable: 'claude-fable-5-2',
  opus: 'claude-opus-5-5',
  sonnet: 'claude-sonnet-5-5',
  haiku: 'claude-haiku-5-5',
  best: 'claude-opus-5-5',
  opusplan: 'claude-sonnet-5-5',
};

/** What is written behind a name for Claude Code alone. */
const longContext = /\[1m\]$/i;

/** The id of a model for the model API: a name that is no alias stays as it is. */
export function modelId(model: string): string {
  const name = model.replace(longContext, '');
  return newest[name.toLowerCase()] ?? name;
}
