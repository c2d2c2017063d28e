/** The options of a slash command as they were filled in, by their names; what was left out is missing. */
export type CommandOptions = Readonly<Record<string, string | number | boolean>>;

/** The words of an option; undefined when it was left out, or holds nothing. */
export function wordsOf(options: CommandOptions, name: string): string | undefined {
  const value = options[name];
  return value === undefined || String(value).trim() === '' ? undefined : String(value).trim();
}
