/** How the client of a person turns `/decide option: value` into what Discord sends the bot. */
import type { APIApplicationCommand } from 'discord-api-types/v10';
import type { World } from './world.ts';

export type OptionValues = Readonly<Record<string, string | number | boolean>>;

type Option = {
  name: string;
  type: number;
  required?: boolean;
  autocomplete?: boolean;
  choices?: { name: string; value: string | number }[];
  options?: Option[];
  min_length?: number;
  max_length?: number;
  min_value?: number;
  max_value?: number;
};

export class PersonCannot extends Error {}

/** `focused`: the option that is being typed, for completion; then nothing is required yet. */
export function commandData(world: World, line: string, values: OptionValues, focused?: string): object {
  const [name = '', ...path] = line.replace(/^\//, '').split(/\s+/);
  const command = [...world.commands.guild, ...world.commands.global].find((candidate) => candidate.name === name);
  if (!command) throw new PersonCannot(`There is no command /${name}.`);
  let options = ((command as { options?: Option[] }).options ?? []) as Option[];
  const steps = path.map((step) => {
    const found = options.find((option) => option.name === step && option.type <= 2);
    if (!found) throw new PersonCannot(`/${line} has no part "${step}".`);
    options = found.options ?? [];
    return { name: found.name, type: found.type };
  });
  if (options.some(({ type }) => type <= 2)) throw new PersonCannot(`/${line} needs one more word.`);
  const given = optionsOf(line, options, values, focused);
  const nested = steps.reduceRight<object[]>((inner, step) => [{ ...step, options: inner }], given);
  return { id: command.id, name, type: 1, options: nested, ...resolved(world, command, given) };
}

function optionsOf(
  line: string,
  options: readonly Option[],
  values: OptionValues,
  focused: string | undefined,
): object[] {
  const unknown = Object.keys(values).find((key) => !options.some(({ name }) => name === key));
  if (unknown !== undefined) throw new PersonCannot(`/${line} has no option "${unknown}".`);
  return options.flatMap((option) => {
    const value = values[option.name];
    if (value === undefined) {
      if (option.required && focused === undefined) throw new PersonCannot(`/${line} needs "${option.name}".`);
      return [];
    }
    const isFocused = option.name === focused;
    if (isFocused && !option.autocomplete) throw new PersonCannot(`"${option.name}" has no completion.`);
    if (!isFocused) checkValue(option, value);
    return [{ name: option.name, type: option.type, value, ...(isFocused ? { focused: true } : {}) }];
  });
}

function checkValue(option: Option, value: string | number | boolean): void {
  const fits =
    option.type === 5
      ? typeof value === 'boolean'
      : option.type === 4
        ? Number.isInteger(value)
        : option.type === 10
          ? typeof value === 'number'
          : typeof value === 'string';
  if (!fits) throw new PersonCannot(`"${option.name}" does not take ${JSON.stringify(value)}.`);
  if (option.choices?.length && !option.choices.some((choice) => choice.value === value)) {
    throw new PersonCannot(`"${option.name}" offers ${option.choices.map((choice) => choice.value).join(', ')} only.`);
  }
  const size = typeof value === 'string' ? value.length : undefined;
  const tooLong = size !== undefined && (size > (option.max_length ?? 6000) || size < (option.min_length ?? 0));
  const outside =
    typeof value === 'number' &&
    (value > (option.max_value ?? Number.MAX_SAFE_INTEGER) || value < (option.min_value ?? Number.MIN_SAFE_INTEGER));
  if (tooLong || outside) throw new PersonCannot(`"${option.name}" has limits that ${value} does not keep.`);
}

function resolved(world: World, _command: APIApplicationCommand, given: readonly object[]): object {
  const users = (given as { type: number; value: string }[])
    .filter(({ type }) => type === 6)
    .flatMap(({ value }) => world.users.get(value) ?? []);
  if (users.length === 0) return {};
  return {
    resolved: {
      users: Object.fromEntries(users.map((user) => [user.id, { ...user, discriminator: '0', avatar: null }])),
    },
  };
}
