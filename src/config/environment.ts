import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { nearest } from '../domain/nearest.ts';
import { nameOf } from './config-error.ts';
import { isPlaceholder } from './placeholders.ts';
import { readText } from './read-text.ts';

/** The settings that may come from the environment, which wins over every file. */
export const settingVariables = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'DATABASE_URL',
  'REDIS_URL',
  'DISCORD_BOT_TOKEN',
  'NOTION_API_KEY',
] as const;

type SettingVariable = (typeof settingVariables)[number];

/** A setting and where it stands, for messages: a variable by its name, else a key of the file. */
type Setting = { readonly value: string; readonly file?: string };

export type Settings = {
  /** Undefined when the variable is unset or empty. `file` is the `.env` that it comes from. */
  get(name: SettingVariable): Setting | undefined;
  readonly notices: readonly string[];
};

/**
 * The settings of the environment, and beneath them those of the `.env` beside the configuration file. Nothing else of
 * `.env` takes part: it must not be able to change paths, proxies or where the configuration lies.
 *
 * @param configPath where the configuration file is, or would be
 */
export async function readSettings(environment: NodeJS.ProcessEnv, configPath: string): Promise<Settings> {
  const file = join(dirname(configPath), '.env');
  // Some tools of Python make a folder of that name.
  const dotenv = await readText(file, 'ignored');
  const beneath: NodeJS.Dict<string> = dotenv === undefined ? {} : parseEnv(dotenv.text);
  const notices = Object.keys(beneath).flatMap((name) => mistyped(name, file));
  if (dotenv?.readByOthers && settingVariables.some((name) => holdsSecret(name) && given(beneath[name]))) {
    notices.push(openToOthers(file));
  }
  const settings = new Map<SettingVariable, Setting>();
  for (const name of settingVariables) {
    for (const setting of [{ value: given(environment[name]) }, { value: given(beneath[name]), file }]) {
      const { value } = setting;
      if (value === undefined || settings.has(name)) continue;
      if (isPlaceholder(value)) {
        notices.push(`${nameOf(setting)}${name} is still the example "${value}" and counts as unset`);
      } else {
        settings.set(name, { ...setting, value });
      }
    }
  }
  return { notices, get: (name) => settings.get(name) };
}

/** One line about a file with secrets that others may read. */
export function openToOthers(file: string): string {
  return `${nameOf({ file })}holds secrets and others on this machine can read it: chmod 600 ${file}`;
}

function holdsSecret(name: SettingVariable): boolean {
  return name !== 'ANTHROPIC_BASE_URL';
}

/** A notice when a variable is near to one of ours; other programs may keep theirs in the same file. */
function mistyped(name: string, file: string): string[] {
  const meant = nearest(name, settingVariables);
  if (meant === undefined || meant === name) return [];
  return [`${nameOf({ file })}${name} is not a setting of Spiral and is left out (did you mean ${meant}?)`];
}

/** White space around a value comes from copying; an empty value counts as unset. */
function given(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
