/** Buttons, selects and modals. Discord developer docs: "Component Reference" (the layout of before "Components V2"). */
import type { APIMessageTopLevelComponent } from 'discord-api-types/v10';
import { z } from 'zod';
import { isUnicodeEmoji } from './emoji.ts';
import { invalid } from './refusal.ts';

const id = z.int().optional();
const customId = z.string().min(1).max(100);
const emoji = z
  .strictObject({
    id: z.string().nullish(),
    name: z.string().nullish(),
    animated: z.boolean().nullish(),
  })
  .refine(({ id: own, name }) => own || isUnicodeEmoji(name ?? ''), 'Invalid emoji');

const button = z
  .strictObject({
    type: z.literal(2),
    id,
    style: z.int().min(1).max(5),
    label: z.string().max(80).optional(),
    emoji: emoji.optional(),
    custom_id: customId.optional(),
    url: z.string().max(512).optional(),
    disabled: z.boolean().optional(),
  })
  .refine(({ label, emoji: sign }) => label || sign, 'A button needs a label or an emoji.')
  .refine(
    ({ style, custom_id }) => (style === 5) === (custom_id === undefined),
    'A custom id and a url are mutually exclusive',
  )
  .refine(({ style, url }) => (style === 5) === (url !== undefined), 'Only a link button has a url, and it must.');

const option = z.strictObject({
  label: z.string().min(1).max(100),
  value: z.string().min(1).max(100),
  description: z.string().max(100).optional(),
  emoji: emoji.optional(),
  default: z.boolean().optional(),
});

const selectFields = {
  id,
  custom_id: customId,
  placeholder: z.string().max(150).optional(),
  min_values: z.int().min(0).max(25).optional(),
  max_values: z.int().min(1).max(25).optional(),
  disabled: z.boolean().optional(),
  required: z.boolean().optional(),
};
const textSelect = z.strictObject({ type: z.literal(3), ...selectFields, options: z.array(option).min(1).max(25) });
const otherSelect = z.strictObject({
  type: z.union([z.literal(5), z.literal(6), z.literal(7), z.literal(8)]),
  ...selectFields,
  default_values: z.array(z.strictObject({ id: z.string(), type: z.string() })).optional(),
  channel_types: z.array(z.int()).optional(),
});
const select = z.union([textSelect, otherSelect]);

const partOfRow = z.discriminatedUnion('type', [button, textSelect, otherSelect]);
const row = z.strictObject({ type: z.literal(1), id, components: z.array(partOfRow).min(1).max(5) });

export const componentsSchema = z.array(row).max(5);
type Row = z.infer<typeof row>;

export function acceptedComponents(rows: readonly Row[]): APIMessageTopLevelComponent[] {
  const seen = new Set<string>();
  for (const [line, { components }] of rows.entries()) {
    const selects = components.filter(({ type }) => type !== 2);
    if (selects.length > 0 && components.length > 1) {
      throw invalid(`components.${line}`, 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'A row has five buttons or one select.');
    }
    for (const [place, part] of components.entries()) {
      const path = `components.${line}.components.${place}`;
      if (part.type === 3) checkOptions(path, part);
      if (!part.custom_id) continue;
      if (seen.has(part.custom_id)) {
        throw invalid(
          `${path}.custom_id`,
          'COMPONENT_CUSTOM_ID_DUPLICATED',
          'Component custom id cannot be duplicated',
        );
      }
      seen.add(part.custom_id);
    }
  }
  return rows.map(({ components, ...rest }, line) => ({
    ...rest,
    id: rest.id ?? line * 10 + 1,
    components: components.map((part, place) => ({ ...part, id: part.id ?? line * 10 + place + 2 })),
  })) as APIMessageTopLevelComponent[];
}

function checkOptions(path: string, { options }: z.infer<typeof textSelect>): void {
  const values = options.map(({ value }) => value);
  const again = values.findIndex((value, index) => values.indexOf(value) !== index);
  if (again >= 0) {
    throw invalid(
      `${path}.options.${again}.value`,
      'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
      'The specified option value is already used',
    );
  }
}

const textInputFields = {
  type: z.literal(4),
  id,
  custom_id: customId,
  style: z.union([z.literal(1), z.literal(2)]),
  min_length: z.int().min(0).max(4000).optional(),
  max_length: z.int().min(1).max(4000).optional(),
  required: z.boolean().optional(),
  value: z.string().max(4000).optional(),
  placeholder: z.string().max(100).optional(),
};
const labelledInput = z.strictObject({ ...textInputFields, label: z.string().min(1).max(45) });
const inputOfLabel = z.strictObject(textInputFields);

export const modalSchema = z.strictObject({
  custom_id: customId,
  title: z.string().min(1).max(45),
  components: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal(1), id, components: z.array(labelledInput).length(1) }),
        z.strictObject({
          type: z.literal(18),
          id,
          label: z.string().min(1).max(45),
          description: z.string().max(100).optional(),
          component: z.union([inputOfLabel, select]),
        }),
        z.strictObject({ type: z.literal(10), id, content: z.string().min(1) }),
      ]),
    )
    .min(1)
    .max(5),
});
export type ModalBody = z.infer<typeof modalSchema>;

/** One field that a person fills in. */
export type ModalField = {
  readonly customId: string;
  readonly label: string;
  readonly type: number;
  readonly required: boolean;
  readonly value: string;
  readonly placeholder: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Of a select. */
  readonly options: readonly { readonly label: string; readonly value: string }[];
  readonly inLabel: boolean;
};

export function fieldsOf({ components }: ModalBody): ModalField[] {
  const fields = components.flatMap((part): ModalField[] => {
    if (part.type === 10) return [];
    const input = part.type === 1 ? part.components[0] : part.component;
    if (!input) return [];
    const isText = input.type === 4;
    return [
      {
        customId: input.custom_id,
        label: part.type === 18 ? part.label : (part.components[0]?.label ?? ''),
        type: input.type,
        required: input.required ?? true,
        value: input.type === 4 ? (input.value ?? '') : '',
        placeholder: input.placeholder ?? '',
        minimum: isText ? (input.min_length ?? 0) : (input.min_values ?? 1),
        maximum: isText ? (input.max_length ?? 4000) : (input.max_values ?? 1),
        options: input.type === 3 ? input.options : [],
        inLabel: part.type === 18,
      },
    ];
  });
  const ids = fields.map((field) => field.customId);
  if (new Set(ids).size < ids.length) {
    throw invalid('components', 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
  }
  for (const { value, minimum, maximum, customId: field, type } of fields) {
    if (minimum > maximum) throw invalid(`components.${field}`, 'BASE_TYPE_MIN_LENGTH', 'min is greater than max.');
    if (type === 4 && value.length > maximum) {
      throw invalid(`components.${field}.value`, 'BASE_TYPE_MAX_LENGTH', `Must be ${maximum} or fewer in length.`);
    }
  }
  return fields;
}
