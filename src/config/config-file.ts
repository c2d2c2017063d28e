import { parse, TomlError } from 'smol-toml';
import { ConfigError, nameOf } from './config-error.ts';
import { openToOthers } from './environment.ts';
import { isPlaceholder } from './placeholders.ts';
import { schemaProblem, syntaxProblem } from './problems.ts';
import { readText, type TextFile } from './read-text.ts';
import { type ConfigFile, fileSchema } from './schema.ts';
import { linesOf } from './toml-lines.ts';

export type ReadConfigFile = {
  /** With every default filled in; of an empty file when there is none. */
  readonly content: ConfigFile;
  /** Absolute; undefined when there is none. */
  readonly path?: string | undefined;
  readonly notices: readonly string[];
};

/**
 * Reads and checks a config.toml. Throws `ConfigError`, with the line, for the first thing that is wrong in it.
 *
 * @param required whether somebody asked for this very file, so that it must be there
 */
export async function readConfigFile(path: string, required: boolean): Promise<ReadConfigFile> {
  const read = await readText(path, 'refused');
  if (read === undefined) {
    if (required)
      throw new ConfigError('there is no such file', 'Correct the path, or write one: spiral init.', { file: path });
    return { content: fileSchema.parse({}), notices: [] };
  }
  // The specification's example begins with the line `// config.toml`.
  const file = { ...read, text: read.text.replace(/^\/\//, '##') };
  const content = checked(file);
  const { content: real, notices } = withoutPlaceholders(content, file);
  if (file.readByOthers && holdsSecrets(real))
    return { content: real, path, notices: [...notices, openToOthers(path)] };
  return { content: real, path, notices };
}

function checked({ path, text }: TextFile): ConfigFile {
  const parsed = parsedToml(text, path);
  const result = fileSchema.safeParse(parsed);
  if (!result.success) throw schemaProblem(result.error.issues, { file: path, text, parsed });
  const { command, junit } = result.data.verification;
  if (junit === undefined || command !== undefined) return result.data;
  const [line] = linesOf(text, [['verification', 'junit']]);
  throw new ConfigError('verification.junit needs verification.command', 'Name the command that writes the report.', {
    file: path,
    line,
  });
}

function parsedToml(text: string, file: string): unknown {
  try {
    return parse(text, { unsafeKeyBehaviour: 'throw' });
  } catch (error) {
    if (error instanceof TomlError) throw syntaxProblem(error, file);
    throw error;
  }
}

/** The file without the values that were never meant, and a notice for each. */
function withoutPlaceholders(content: ConfigFile, { path, text }: TextFile) {
  const examples: { readonly section: string; readonly key: string; readonly value: string }[] = [];
  const real = (section: string, key: string, value: string | undefined): string | undefined => {
    if (value === undefined || !isPlaceholder(value)) return value;
    examples.push({ section, key, value });
    return undefined;
  };
  const { discord, notion } = content;
  const changed = {
    ...content,
    discord: {
      ...discord,
      bot_token: real('discord', 'bot_token', discord.bot_token),
      whitelist: discord.whitelist.flatMap((user) => real('discord', 'whitelist', user) ?? []),
    },
    notion: {
      api_key: real('notion', 'api_key', notion.api_key),
      projects_db: real('notion', 'projects_db', notion.projects_db),
      tasks_db: real('notion', 'tasks_db', notion.tasks_db),
    },
  };
  if (examples.length === 0) return { content: changed, notices: [] };
  const lines = linesOf(
    text,
    examples.map(({ section, key }) => [section, key]),
  );
  const notices = examples.map(({ section, key, value }, index) => {
    const where = nameOf({ file: path, line: lines[index] });
    return `${where}${section}.${key} is still the example "${value}" and counts as unset`;
  });
  return { content: changed, notices };
}

function holdsSecrets({ discord, notion, database, queue }: ConfigFile): boolean {
  return [discord.bot_token, notion.api_key, database.url, queue.redis_url].some((secret) => secret !== undefined);
}
