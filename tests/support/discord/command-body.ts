/** Slash commands. Discord developer docs: "Application Commands: Application Command Structure". */
import type { APIApplicationCommand } from 'discord-api-types/v10';
import { z } from 'zod';
import { accepted, invalid } from './refusal.ts';
import type { World } from './world.ts';

const name = z
  .string()
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u, 'Command name is invalid')
  .refine((text) => text === text.toLowerCase(), 'Command name must be lower case');
const description = z.string().min(1).max(100);
/** Of one command with everything in it. */
const charactersOfCommand = 8_000;
const translations = z.record(z.string(), z.string()).nullish();

const choice = z.strictObject({
  name: z.string().min(1).max(100),
  name_localizations: translations,
  value: z.union([z.string().max(100), z.number()]),
});

const about = { name, name_localizations: translations, description, description_localizations: translations };
const leaf = z
  .strictObject({
    ...about,
    type: z.int().min(3).max(11),
    required: z.boolean().optional(),
    choices: z.array(choice).max(25).nullish(),
    autocomplete: z.boolean().optional(),
    min_value: z.number().optional(),
    max_value: z.number().optional(),
    min_length: z.int().min(0).max(6000).optional(),
    max_length: z.int().min(1).max(6000).optional(),
    channel_types: z.array(z.int()).nullish(),
  })
  .refine(({ choices, autocomplete }) => !(autocomplete && choices?.length), 'Autocomplete and choices are exclusive')
  .refine(({ autocomplete, type }) => !autocomplete || [3, 4, 10].includes(type), 'No autocomplete for this type');
const leaves = z.array(leaf).max(25);
const subcommand = z.strictObject({ ...about, type: z.literal(1), options: leaves.optional() });
const group = z.strictObject({ ...about, type: z.literal(2), options: z.array(subcommand).max(25).optional() });

const command = z.strictObject({
  ...about,
  id: z.string().optional(),
  description: z.string().max(100).optional(),
  type: z.int().min(1).max(3).optional(),
  options: z
    .array(z.union([subcommand, group, leaf]))
    .max(25)
    .optional(),
  default_permission: z.boolean().nullish(),
  default_member_permissions: z.string().nullish(),
  dm_permission: z.boolean().nullish(),
  contexts: z.array(z.int().min(0).max(2)).nullish(),
  integration_types: z.array(z.int().min(0).max(1)).nullish(),
  nsfw: z.boolean().nullish(),
  handler: z.int().optional(),
});

export function acceptedCommands(world: World, body: unknown, guildId: string | undefined): APIApplicationCommand[] {
  const commands = accepted(z.array(command).max(100), body);
  const names = new Set<string>();
  return commands.map((given, index) => {
    if (!given.description && (given.type ?? 1) === 1) {
      throw invalid(`${index}.description`, 'BASE_TYPE_REQUIRED', 'This field is required');
    }
    if (names.has(given.name)) {
      throw invalid(String(index), 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique');
    }
    names.add(given.name);
    checkOptions(`${index}.options`, given.options ?? []);
    if (charactersOf(given) > charactersOfCommand) {
      throw invalid(String(index), 'APPLICATION_COMMAND_TOO_LARGE', `Longer than ${charactersOfCommand} characters.`);
    }
    return {
      ...given,
      id: world.newId(),
      application_id: world.application.id,
      type: given.type ?? 1,
      version: world.newId(),
      default_member_permissions: given.default_member_permissions ?? null,
      ...(guildId ? { guild_id: guildId } : {}),
    } as APIApplicationCommand;
  });
}

type Wordy = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[] | null | undefined;
  readonly options?: readonly Wordy[] | undefined;
};

/** What Discord counts: names, descriptions and values, those of all options included. */
function charactersOf({ name: word, description: words = '', choices, options = [] }: Wordy): number {
  const offered = (choices ?? []).reduce((sum, one) => sum + one.name.length + String(one.value).length, 0);
  return options.reduce((sum, one) => sum + charactersOf(one), word.length + words.length + offered);
}

type Option = { name: string; type: number; required?: boolean | undefined; options?: readonly Option[] | undefined };

function checkOptions(path: string, options: readonly Option[]): void {
  const names = options.map((option) => option.name);
  if (new Set(names).size < names.length) {
    throw invalid(path, 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID', 'Option names must be unique');
  }
  const firstFree = options.findIndex(({ type, required }) => type > 2 && !required);
  const lastRequired = options.findLastIndex(({ required }) => required);
  if (firstFree >= 0 && lastRequired > firstFree) {
    throw invalid(
      `${path}.${lastRequired}`,
      'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
      'Required options must be placed before non-required options',
    );
  }
  if (options.some(({ type }) => type <= 2) && options.some(({ type }) => type > 2)) {
    throw invalid(path, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'Sub-command and other options cannot be mixed');
  }
  for (const [index, option] of options.entries()) if (option.options) checkOptions(`${path}.${index}`, option.options);
}
