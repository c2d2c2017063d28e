/** What a person wrote into a dialog, or as words that stand for one; by the names of the fields. Discord leaves out nothing. */
export type Fields = Readonly<Partial<Record<FieldName, string>>>;

export const fieldNames = [
  'agents',
  'prompts',
  'deadline',
  'adopt',
  'which',
  'until',
  'reason',
  'workaround',
  'text',
  'amount',
] as const;

export type FieldName = (typeof fieldNames)[number];

/** The fields that are ours, of those that came back. */
export function fieldsFrom(values: Iterable<readonly [name: string, value: string]>): Fields {
  const known = [...values].filter(([name]) => fieldNames.some((one) => one === name));
  return Object.fromEntries(known);
}
