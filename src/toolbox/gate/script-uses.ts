import { scriptSource } from './source-text.ts';
import { firstArgument, type UseAt, type UseKind, type UsePattern, usesOf } from './uses.ts';

/** Modules of Node by what they open; others of its own are harmless. */
const modules: Readonly<Record<string, UseKind>> = {
  ...kinds('network', ['net', 'tls', 'http', 'https', 'http2', 'dgram', 'dns', 'dns/promises', 'quic']),
  ...kinds('processes', ['child_process', 'worker_threads', 'cluster']),
  ...kinds('hidden-code', ['vm', 'repl', 'inspector', 'inspector/promises']),
  ...kinds('native-code', ['ffi', 'wasi']),
};

function kinds(kind: UseKind, names: readonly string[]): Record<string, UseKind> {
  return Object.fromEntries(names.map((name) => [name, kind]));
}

const patterns: readonly UsePattern[] = [
  {
    kind: 'network',
    pattern:
      /(?<![\w$.])(?:fetch\s*\(|new\s+(?:WebSocket|EventSource)\b|(?:globalThis|global)\.(?:fetch|WebSocket)\b)/g,
  },
  {
    kind: 'hidden-code',
    pattern: /(?<![\w$.])(?:(?:globalThis|global)\.)?(?:eval\b|Function\s*\(|new\s+(?:Async)?Function\b)/g,
  },
  {
    kind: 'hidden-code',
    pattern:
      /(?<!new\s+this)\.constructor\s*(?:\.constructor\b|\()|(?<![\w$.])(?:globalThis|global|process|require)\s*\[/g,
  },
  {
    kind: 'hidden-code',
    pattern:
      /(?<![\w$.])Reflect\s*\.\s*get\s*\(\s*(?:globalThis|global|process)\b|\bModule\s*\._\w+|\bsetFlagsFromString\b|(?<![\w$.])set(?:Timeout|Interval)\s*\(\s*['"`]/g,
  },
  { kind: 'native-code', pattern: /\bprocess\s*\.\s*(?:binding|dlopen|_linkedBinding)\b|(?<![\w$.])WebAssembly\b/g },
  { kind: 'processes', pattern: /\bprocess\s*\.\s*(?:kill|abort)\s*\(/g },
  {
    kind: 'chance',
    pattern:
      /\bDate\s*\.\s*now\s*\(|\bnew\s+Date\s*(?:\(\s*\)|(?=[;,).\n]))|(?<![\w$.]|new\s)Date\s*\(\s*\)|\bMath\s*\.\s*random\b|\brandom(?:UUID|Bytes|Int)\s*\(|\bgetRandomValues\s*\(/g,
  },
];

const readers =
  /\b(?:fs\w*\s*\.\s*|fsp\s*\.\s*|promises\s*\.\s*)?(readFileSync|readFile|createReadStream|openSync|open|readdirSync|readdir|statSync|stat|lstatSync|lstat|existsSync|accessSync|access|opendirSync|opendir|readlinkSync|readlink|realpathSync|realpath|watch|watchFile|globSync|glob|openAsBlob|writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|mkdirSync|mkdir|rmSync|rm|rmdirSync|rmdir|unlinkSync|unlink|renameSync|rename|copyFileSync|copyFile|cpSync|cp|symlinkSync|symlink|linkSync|link|chmodSync|chmod|chownSync|chown|truncateSync|truncate|utimesSync|utimes)\s*\(/g;

const isStream =
  /^(?:0|1|2|'\/dev\/std(?:in|out|err)'|"\/dev\/std(?:in|out|err)"|process\.std(?:in|out|err)\.fd|STDIN\w*)$/;
/** Files that lie beside the source. */
const isBeside = /import\.meta|__dirname|__filename/;
const leadsOut = /\.\.(?:\/|\\|['"`])/;

/**
 * What a JavaScript source uses.
 *
 * @param mayUse the names of variables that it may read
 */
export function scriptUses(text: string, mayUse: readonly string[]): readonly UseAt[] {
  const { code, bare } = scriptSource(text);
  return [
    ...usesOf(bare, patterns),
    ...importsOf(text).flatMap(({ name, at }): UseAt[] => {
      const kind = modules[name.replace(/^node:/, '')];
      return kind === undefined ? [] : [{ kind, what: `the module ${name}`, at }];
    }),
    ...computedImports(code, bare),
    ...[...code.matchAll(/\[\s*(['"`])(?:constructor|__proto__)\1\s*\]\s*(?:\(|\[)/g)].map(({ index }) => ({
      kind: 'hidden-code' as const,
      what: 'a constructor by its name',
      at: index,
    })),
    ...filesUsed(code, bare),
    ...environmentUsed(bare, mayUse),
  ];
}

/** The modules that a source names, by every way of naming them. */
export function importsOf(text: string): readonly { readonly name: string; readonly at: number }[] {
  const { code, bare } = scriptSource(text);
  const keyword = /(?<![\w$.])(?:from|import|require|(?:process\s*\.\s*)?getBuiltinModule)\s*\(?\s*(?=['"`])/g;
  return [...bare.matchAll(keyword)].flatMap((match) => {
    const quoted = /^(['"`])([^'"`\n]*)\1/.exec(code.slice(match.index + match[0].length));
    return quoted ? [{ name: quoted[2] ?? '', at: match.index }] : [];
  });
}

function computedImports(code: string, bare: string): UseAt[] {
  return [...bare.matchAll(/(?<![\w$.])(?:import|require|getBuiltinModule)\s*\(/g)].flatMap((match) => {
    const argument = firstArgument(code, match.index);
    const isPlain = /^(['"])[^'"]*\1$/.test(argument) || /^`[^`$]*`$/.test(argument);
    return isPlain
      ? []
      : [{ kind: 'hidden-code' as const, what: `a module whose name is computed: ${argument}`, at: match.index }];
  });
}

function filesUsed(code: string, bare: string): UseAt[] {
  const imported = importsOf(code).some(({ name }) => /^(?:node:)?fs(?:\/promises)?$/.test(name));
  if (!imported && !/\bgetBuiltinModule\b|\brequire\b/.test(bare)) return [];
  // What lies in its scratch folder is its own; the sandbox sees to the rest.
  const hasScratch = /\b(?:tmpdir|mkdtemp|mkdtempSync)\s*\(/.test(bare);
  return [...bare.matchAll(readers)].flatMap((match) => {
    const [, name = ''] = match;
    const argument = firstArgument(code, match.index);
    const isMethodOfOther =
      /[\w$)\]]\s*\.\s*$/.test(bare.slice(Math.max(0, match.index - 20), match.index)) && !match[0].includes('.');
    const isDeclaration = /\bfunction\s+$/.test(bare.slice(Math.max(0, match.index - 12), match.index));
    if (isMethodOfOther || isDeclaration || hasScratch || isOwnPlace(argument, writers.test(name))) return [];
    if (/^(?:null|undefined)?$/.test(argument) || isOwnPlace(givenTo(argument, code), writers.test(name))) return [];
    return [{ kind: 'files' as const, what: `${name}(${argument})`, at: match.index }];
  });
}

/** Its own files are there to be read: what it writes beside them fails in use. */
const writers = /^(?:write|append|createWrite|mkdir|rm|unlink|rename|copy|cp|symlink|link|chmod|chown|truncate|utimes)/;

function isOwnPlace(argument: string, isWritten: boolean): boolean {
  if (isStream.test(argument)) return true;
  return !isWritten && isBeside.test(argument) && !leadsOut.test(argument);
}

/** What a name was given where it was declared. */
function givenTo(name: string, code: string): string {
  if (!/^\w+$/.test(name)) return '';
  return new RegExp(`\\b(?:const|let|var)\\s+${name}\\s*=\\s*([^;\\n]+)`).exec(code)?.[1]?.trim() ?? '';
}

function environmentUsed(bare: string, mayUse: readonly string[]): UseAt[] {
  const found = [...bare.matchAll(/\bprocess\s*\.\s*env\b(?:\s*\.\s*(\w+))?/g)].map((match) => ({
    name: match[1],
    at: match.index,
  }));
  const taken = [...bare.matchAll(/\{[^{}]*\benv\b[^{}]*\}\s*(?:=\s*process\b|from\b)/g)].map((match) => ({
    name: undefined,
    at: match.index,
  }));
  return [...found, ...taken]
    .filter(({ name }) => (name === undefined ? mayUse.length === 0 : !mayUse.includes(name)))
    .map(({ name, at }) => ({ kind: 'environment' as const, what: name ?? 'process.env', at }));
}
