import type { Outgoing } from '../outbox/outgoing.ts';

/** What Discord takes of one message. */
export const limits = {
  content: 2_000,
  embeds: 10,
  embedTotal: 6_000,
  title: 256,
  description: 4_096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1_024,
  footer: 2_048,
  rows: 5,
  buttons: 5,
  label: 80,
  customId: 100,
  files: 10,
  fileBytes: 10 * 1024 * 1024,
} as const;

/** Why Discord would refuse a message; undefined when it takes it. */
export function problemOf({ content = '', embeds = [], components = [], files = [] }: Outgoing): string | undefined {
  const isEmpty = content.trim() === '' && embeds.length === 0 && files.length === 0;
  const sizes = embeds.map(({ title = '', description = '', footer, fields = [] }) => ({
    title: title.length,
    description: description.length,
    footer: footer?.text.length ?? 0,
    fields,
  }));
  const total = sizes.reduce(
    (sum, { title, description, footer, fields }) =>
      sum +
      title +
      description +
      footer +
      fields.reduce((all, field) => all + field.name.length + field.value.length, 0),
    0,
  );
  const buttons = components.flatMap(({ components: inside }) => inside);
  const ids = buttons.flatMap((button) => ('custom_id' in button ? [button.custom_id] : []));
  const rules: readonly (readonly [broken: boolean, what: string])[] = [
    [isEmpty, 'it says nothing'],
    [content.length > limits.content, 'its content is too long'],
    [embeds.length > limits.embeds || total > limits.embedTotal, 'its embeds are too long'],
    [sizes.some(({ title }) => title > limits.title), 'a title is too long'],
    [sizes.some(({ description }) => description > limits.description), 'a description is too long'],
    [sizes.some(({ footer }) => footer > limits.footer), 'a footer is too long'],
    [sizes.some(({ fields }) => fields.length > limits.fields), 'an embed has too many fields'],
    [sizes.some(({ fields }) => fields.some(isUnfit)), 'a field is empty or too long'],
    [components.length > limits.rows, 'it has too many rows'],
    [
      components.some((row) => row.components.length > limits.buttons || row.components.length === 0),
      'a row has too many buttons, or none',
    ],
    [
      ids.some((id) => id.length > limits.customId) || new Set(ids).size < ids.length,
      'a custom id is too long, or there twice',
    ],
    [buttons.some((button) => 'label' in button && (button.label ?? '').length > limits.label), 'a label is too long'],
    [
      files.length > limits.files || files.some((file) => file.content.length > limits.fileBytes),
      'its files are too many or too large',
    ],
  ];
  return rules.find(([isBroken]) => isBroken)?.[1];
}

function isUnfit({ name, value }: { readonly name: string; readonly value: string }): boolean {
  const isEmpty = name.trim() === '' || value.trim() === '';
  return isEmpty || name.length > limits.fieldName || value.length > limits.fieldValue;
}
