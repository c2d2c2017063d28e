import { type APIComponentInMessageActionRow, type APIEmbed, ButtonStyle, ComponentType } from 'discord-api-types/v10';
import type { Outgoing } from '../outbox/outgoing.ts';

/** What Discord takes of one message. */
export const limits = {
  content: 2_000,
  /** The name of an agent, which stands before its text where it has none of its own. */
  voice: 40,
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

/** A problem of texts that were cut inside a sign: it goes before all others. */
export const halfSign = 'a sign is cut in half';

/** Why Discord would refuse a message; undefined when it takes it. */
export function problemOf(message: Outgoing): string | undefined {
  const { content = '', embeds = [], components = [], files = [] } = message;
  const isEmpty = content.trim() === '' && embeds.length === 0 && files.length === 0;
  const sizes = embeds.map(({ title = '', description = '', fields = [] }) => ({
    title: title.length,
    description: description.length,
    fields,
  }));
  const totals = embeds.map(charactersOf);
  const total = totals.reduce((sum, one) => sum + one, 0);
  const buttons = components.flatMap(({ components: inside }) => inside);
  const ids = buttons.flatMap((button) => ('custom_id' in button ? [button.custom_id] : []));
  const rules: readonly (readonly [broken: boolean, what: string])[] = [
    [hasHalfSign(message), halfSign],
    [isEmpty, 'it says nothing'],
    [content.length > roomForContent(message), 'its content is too long'],
    [totals.includes(0), 'an embed says nothing'],
    [embeds.length > limits.embeds || total > limits.embedTotal, 'its embeds are too long'],
    [sizes.some(({ title }) => title > limits.title), 'a title is too long'],
    [sizes.some(({ description }) => description > limits.description), 'a description is too long'],
    [
      embeds.some(({ footer }) => footer && (footer.text === '' || footer.text.length > limits.footer)),
      'a footer is empty or too long',
    ],
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
    [buttons.some(isBlank), 'a button says nothing'],
    [
      files.length > limits.files || files.some((file) => file.content.length > limits.fileBytes),
      'its files are too many or too large',
    ],
  ];
  return rules.find(([isBroken]) => isBroken)?.[1];
}

function hasHalfSign({ content = '', embeds = [], components = [] }: Outgoing): boolean {
  // JSON writes such a half, and nothing else, as an escape of this form that no backslash stands before.
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify([content, embeds, components]));
}

/** Characters of content that Discord takes of this message, wherever it is sent. */
export function roomForContent({ voice }: Pick<Outgoing, 'voice'>): number {
  return voice === undefined ? limits.content : limits.content - limits.voice;
}

/** All that counts of an embed. */
export function charactersOf({ title = '', description = '', footer, fields = [] }: APIEmbed): number {
  const texts = [title, description, footer?.text ?? '', ...fields.flatMap(({ name, value }) => [name, value])];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** Neither words nor a sign: nobody could know what it does. */
export function isBlank(component: APIComponentInMessageActionRow): boolean {
  if (component.type !== ComponentType.Button || component.style === ButtonStyle.Premium) return false;
  return (component.label ?? '') === '' && component.emoji === undefined;
}

function isUnfit({ name, value }: { readonly name: string; readonly value: string }): boolean {
  const isEmpty = name.trim() === '' || value.trim() === '';
  return isEmpty || name.length > limits.fieldName || value.length > limits.fieldValue;
}
