import type { NodeTool } from './node-reporters.ts';

export type ScriptEnding = {
  readonly tool: NodeTool;
  /** Arguments must pass this many scripts of npm to reach the runner, each of which takes one `--` away. */
  readonly scripts: number;
};

const deepestScript = 5;
const longestScript = 5000;

/**
 * The test runner that a script of a package ends in, so that arguments appended to the script reach it; undefined when the
 * last command is none, or too intricate to say.
 */
export function endingOf(script: string, scripts: ReadonlyMap<string, string>, depth = 1): ScriptEnding | undefined {
  if (depth > deepestScript || script.length > longestScript) return undefined;
  const last = withoutWrappers(script.split(/&&|\|\||[;|&\n]/).at(-1) ?? '');
  if (/[()`#<>\\$]|(^|\s)--(\s|$)|--outputFile/.test(last)) return undefined;

  const inner = /^npm (?:run|run-script) ([\w:.-]+)$/.exec(last)?.[1];
  if (inner !== undefined) return endingOf(scripts.get(inner) ?? '', scripts, depth + 1);

  const tool =
    /^(?:node (?:--\S+ )*)?(?:\S*node_modules\/\S*\/)?(?:(vitest)(?:\.mjs)?|(jest)(?:\.js)?|(mocha)(?:\.js)?)(?: (?!bench|list|init)|$)/.exec(
      last,
    );
  if (tool?.[1]) return { tool: 'vitest', scripts: depth };
  if (tool?.[2]) return { tool: 'jest', scripts: depth };
  if (tool?.[3]) return { tool: 'mocha', scripts: depth };
  return undefined;
}

/** Takes away what only prepares a command: variables, and programs that start another one. */
function withoutWrappers(command: string): string {
  const assignment = /^[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|[^\s'"]*)\s+/;
  const wrapper = /^(?:cross-env|npx|env|c8|nyc|(?:pnpm|yarn)(?: exec)?|--no-install|--yes|-y)\s+/;
  let rest = command.trim();
  for (;;) {
    const shorter = rest.replace(assignment, '').replace(wrapper, '');
    if (shorter === rest) return rest.replace(/\s+/g, ' ');
    rest = shorter;
  }
}
