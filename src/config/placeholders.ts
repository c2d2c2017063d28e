/** The values that the specification's example has in the place of real ones. */
const placeholders: ReadonlySet<string> = new Set([
  'your_bot_token',
  'user_id_1',
  'user_id_2',
  'your_notion_key',
  'database_id',
]);

/** Whether a value was only ever an example; such a setting counts as unset. */
export function isPlaceholder(value: string): boolean {
  return placeholders.has(value);
}
