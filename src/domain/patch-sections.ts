/** What a unified diff of git says of one file, with every path that it names there. */
export type PatchSection = {
  /** Undefined when its head could not be read. */
  readonly paths: readonly string[] | undefined;
  readonly text: string;
};

/** The sections of a diff that git wrote with `a/` and `b/`; a line of a file begins with a sign, so that none can look like a head. */
export function patchSections(diff: string): PatchSection[] {
  return diff
    .split(/(?<=\n)(?=diff --git )/)
    .filter((text) => text !== '')
    .map((text) => ({ text, paths: pathsOf(text) }));
}

function pathsOf(text: string): string[] | undefined {
  const lines = text.split('\n');
  const body = lines.findIndex((line, index) => index > 0 && line.startsWith('@@'));
  const head = body < 0 ? lines : lines.slice(0, body);
  const first = pathsOfFirstLine(head[0] ?? '');
  const named = head.slice(1).flatMap((line) => {
    const match = /^(?:(?:---|\+\+\+) (?!\/dev\/null$)|(?:rename|copy) (?:from|to) )(.+?)\t?$/.exec(line);
    if (!match?.[1]) return [];
    const path = unquoted(match[1]);
    return [/^(?:---|\+\+\+) /.test(line) ? path.replace(/^[ab]\//, '') : path];
  });
  const paths = [...new Set([...(first ?? []), ...named])];
  return paths.length === 0 ? undefined : paths;
}

/** `diff --git a/PATH b/PATH` where both are the same, which is so unless other lines name them. */
function pathsOfFirstLine(line: string): string[] | undefined {
  const quoted = /^diff --git ("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")$/.exec(line);
  if (quoted?.[1] && quoted[2]) return [quoted[1], quoted[2]].map((path) => unquoted(path).replace(/^[ab]\//, ''));
  const same = /^diff --git a\/(.+) b\/\1$/.exec(line);
  return same?.[1] === undefined ? undefined : [same[1]];
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** Git writes unusual names as text of C, byte by byte. */
function unquoted(path: string): string {
  if (!path.startsWith('"')) return path;
  const bytes: number[] = [];
  for (const [part] of path.slice(1, -1).matchAll(/\\[0-7]{3}|\\.|[^\\]/gsu)) {
    if (!part.startsWith('\\')) bytes.push(...new TextEncoder().encode(part));
    else bytes.push(escapes[part.slice(1)] ?? Number.parseInt(part.slice(1), 8));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
