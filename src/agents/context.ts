/** What an agent is told beside its question. Every part may be missing. */
export type ContextParts = {
  /** How many files of each language, most first. */
  readonly languages?: readonly { readonly name: string; readonly files: number }[];
  readonly tools?: readonly string[];
  /** What was learned before and belongs to the question, the most relevant first. */
  readonly memory?: readonly string[];
  /** How the last tasks here ended, newest first. */
  readonly outcomes?: readonly { readonly task: string; readonly status: string; readonly summary: string }[];
  /** Relative paths, and how many files there are in all. */
  readonly workspace?: { readonly paths: readonly string[]; readonly files: number };
};

/** By rule of thumb; the budget is a bound for the prompt, not for the bill. */
const charactersOfToken = 4;
const longestItem = 300;
const mostPaths = 300;

type Section = {
  readonly title: string;
  readonly noun: string;
  readonly items: readonly string[];
  readonly more: number;
};

/**
 * The context of a question in at most so many tokens. What matters least is cut first: files, then older outcomes, memory,
 * tools, and languages last; how much was left out is said, unless there is no room even for that. Empty for no parts.
 */
export function contextOf(parts: ContextParts, tokens: number): string {
  const room = Math.max(0, Math.floor(tokens)) * charactersOfToken;
  const sections = sectionsOf(parts);
  const total = sections.reduce((count, { items }) => count + items.length, 0);
  const whole = written(sections, total);
  if (whole.length <= room) return whole;
  let [fits, tooMany] = [-1, total];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (written(sections, middle).length <= room) fits = middle;
    else tooMany = middle;
  }
  return fits < 0 ? '' : written(sections, fits);
}

/** The most important first. */
function sectionsOf({ languages = [], tools = [], memory = [], outcomes = [], workspace }: ContextParts): Section[] {
  const paths = workspace?.paths.slice(0, mostPaths) ?? [];
  const files = Math.max(workspace?.files ?? 0, workspace?.paths.length ?? 0);
  const all: Section[] = [
    section(
      'Languages',
      'languages',
      languages.map(({ name, files }) => `${name}: ${files} files`),
    ),
    section('Tools that are available', 'tools', tools),
    section('What was learned before', 'memories', memory),
    section(
      'How the last tasks here ended',
      'outcomes',
      outcomes.map(({ task, status, summary }) => `${status}: ${item(task, longestItem / 2)}: ${summary}`),
    ),
    section(`Files of the workspace (${files})`, 'files', paths, files - paths.length),
  ];
  return all.filter(({ items, more }) => items.length + more > 0);
}

function section(title: string, noun: string, items: readonly string[], more = 0): Section {
  return { title, noun, items: items.map((text) => item(text, longestItem)), more };
}

/** The first so many items of all sections, and how many more of each there are. */
function written(sections: readonly Section[], count: number): string {
  let left = count;
  const blocks: string[] = [];
  const omitted: string[] = [];
  for (const { title, noun, items, more } of sections) {
    const kept = items.slice(0, left);
    left -= kept.length;
    if (kept.length > 0) blocks.push(`${title}:\n${kept.map((text) => `- ${text}`).join('\n')}`);
    const missing = items.length - kept.length + more;
    if (missing > 0) omitted.push(`${missing} ${noun}`);
  }
  if (omitted.length > 0) blocks.push(`Left out here: ${omitted.join(', ')}.`);
  return blocks.join('\n\n');
}

/** One line, whatever it is made of. */
function item(text: string, longest: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
