import { pythonSource } from './source-text.ts';
import { firstArgument, type UseAt, type UseKind, type UsePattern, usesOf } from './uses.ts';

const modules: readonly (readonly [UseKind, RegExp])[] = [
  [
    'network',
    /^(?:socket|socketserver|ssl|urllib\.request|urllib3|http\.(?:client|server)|ftplib|smtplib|poplib|imaplib|telnetlib|xmlrpc.*|requests|httpx|aiohttp|websockets?|asyncio\.streams)$/,
  ],
  ['processes', /^(?:subprocess|multiprocessing.*|pty|concurrent\.futures\.process|_posixsubprocess)$/],
  ['native-code', /^(?:ctypes.*|cffi|_ctypes|mmap)$/],
  [
    'hidden-code',
    /^(?:importlib(?!\.(?:metadata|resources)).*|imp|marshal|pickle|shelve|code|codeop|runpy|builtins|zipimport|pkgutil)$/,
  ],
  ['files', /^(?:shutil|glob|fileinput|dbm.*|sqlite3|linecache)$/],
];

const patterns: readonly UsePattern[] = [
  {
    kind: 'hidden-code',
    pattern:
      /(?<![\w.])(?:eval|exec|compile|__import__)\s*\(|__builtins__|__subclasses__\s*\(|__globals__|(?<![\w.])(?:globals|vars)\s*\(\s*\)\s*\[/g,
  },
  {
    kind: 'processes',
    pattern: /\bos\s*\.\s*(?:system|popen|fork\w*|exec[lv]\w*|spawn\w*|posix_spawn\w*|kill\w*)\s*\(/g,
  },
  {
    kind: 'environment',
    pattern:
      /\bos\s*\.\s*(?:environb?|getenvb?|putenv|unsetenv)\b|\b(?:environ|getenv)\b(?<=\bfrom\s+os\s+import\s[^\n]*)/g,
  },
  {
    kind: 'files',
    pattern:
      /\bos\s*\.\s*(?:listdir|walk|scandir|remove|unlink|rmdir|removedirs|mkdir|makedirs|rename\w*|replace|symlink|link|chmod|chown|open|truncate|stat|lstat|readlink|utime)\s*\(|\bos\.path\.(?:expanduser|exists|isfile|isdir|getsize|getmtime)\s*\(/g,
  },
  {
    kind: 'files',
    pattern:
      /\.(?:read_text|read_bytes|write_text|write_bytes|iterdir|rglob|unlink|touch|expanduser)\s*\(|\bPath\.home\s*\(/g,
  },
  { kind: 'network', pattern: /\basyncio\s*\.\s*(?:open_connection|start_server|open_unix_connection)\s*\(/g },
  {
    kind: 'chance',
    pattern:
      /\btime\s*\.\s*(?:time|time_ns|localtime|ctime|gmtime)\s*\(\s*\)|\b(?:datetime|date)\s*\.\s*(?:now|utcnow|today)\s*\(|\brandom\s*\.\s*(?!Random\b|seed\b)\w+\s*\(|\bos\s*\.\s*urandom\s*\(|\buuid\s*\.\s*uuid[14]\s*\(|\bsecrets\s*\.\s*\w+\s*\(|\bfrom\s+(?:random|secrets)\s+import\b/g,
  },
];

const isStream = /^(?:0|1|2|sys\.std(?:in|out|err)(?:\.fileno\(\))?|["']\/dev\/std(?:in|out|err)["']|os\.devnull)$/;
/** Files that lie beside the source; they are there to be read. */
function isBeside(path: string): boolean {
  return path.includes('__file__') && !path.includes('..');
}

/** What a Python source uses. @param mayUse the names of variables that it may read */
export function pythonUses(text: string, mayUse: readonly string[]): readonly UseAt[] {
  const { code, bare } = pythonSource(text);
  return [
    ...usesOf(bare, patterns).filter(({ kind, at }) => {
      if (kind === 'environment') return !readsOnly(code, at, mayUse);
      if (kind === 'files') return !besideSource(code, at);
      return true;
    }),
    ...importedBy(text).flatMap(({ name, at }): UseAt[] => {
      const kind = modules.find(([, pattern]) => pattern.test(name))?.[0];
      return kind === undefined ? [] : [{ kind, what: `the module ${name}`, at }];
    }),
    ...[...bare.matchAll(/(?<![\w.])(?:io\s*\.\s*)?open\s*\(/g)].flatMap((match): UseAt[] => {
      const argument = firstArgument(code, match.index);
      const line = code.slice(match.index).split('\n', 1)[0] ?? '';
      const isWritten = /,\s*(?:mode\s*=\s*)?["'][rbt]*[wax+][bt+]*["']/.test(line);
      const isScratch = /\b(?:tempfile|mkstemp|mkdtemp)\b/.test(bare);
      return isStream.test(argument) || isScratch || (!isWritten && (isBeside(argument) || namesOwn(code, argument)))
        ? []
        : [{ kind: 'files', what: `open(${argument})`, at: match.index }];
    }),
    ...computedAttributes(code, bare),
  ];
}

/** The modules that a source names. */
function importedBy(text: string): readonly { readonly name: string; readonly at: number }[] {
  const { bare } = pythonSource(text);
  const plain = [...bare.matchAll(/^[ \t]*import\s+([^\n;#]+)/gm)].flatMap((match) =>
    (match[1] ?? '').split(',').map((name) => ({ name: name.trim().split(/\s/)[0] ?? '', at: match.index })),
  );
  const from = [...bare.matchAll(/^[ \t]*from\s+([\w.]+)\s+import\s+([^\n;#]+)/gm)].flatMap((match) => {
    const [, module = '', names = ''] = match;
    // `from urllib import request` opens the same as `import urllib.request`.
    const parts = names
      .replace(/[()]/g, '')
      .split(',')
      .map((name) => `${module}.${name.trim().split(/\s/)[0]}`);
    return [module, ...parts].map((name) => ({ name, at: match.index }));
  });
  return [...plain, ...from];
}

/** Reading of a variable that is named there and allowed. */
function readsOnly(code: string, at: number, mayUse: readonly string[]): boolean {
  const read = /^os\s*\.\s*(?:environ(?:\s*\.\s*get\s*\(|\s*\[)|getenv\s*\()\s*(['"])(\w+)\1/.exec(code.slice(at));
  return read !== null && mayUse.includes(read[2] ?? '');
}

const isChange = /^(?:\.(?:write_|unlink|touch)|os\s*\.\s*(?!listdir|walk|scandir|stat|lstat|readlink|path)\w)/;

/** A path that is made from the place of the source. */
function besideSource(code: string, at: number): boolean {
  const line = code.slice(
    code.lastIndexOf('\n', at) + 1,
    code.indexOf('\n', at) === -1 ? undefined : code.indexOf('\n', at),
  );
  if (isChange.test(code.slice(at))) return false;
  if (line.includes('__file__')) return isBeside(line);
  const name = /(\w+)\s*(?:\/\s*['"][^'"]*['"]\s*\)?)?$/.exec(code.slice(code.lastIndexOf('\n', at) + 1, at))?.[1];
  return name !== undefined && namesOwn(code, name);
}

function namesOwn(code: string, argument: string): boolean {
  if (!/^\w+$/.test(argument)) return false;
  const given = new RegExp(`^\\s*${argument}\\s*=\\s*(.+)$`, 'm').exec(code)?.[1] ?? '';
  return isBeside(given);
}

/** `getattr(os, 'sys' + 'tem')` hides what is called. */
function computedAttributes(code: string, bare: string): UseAt[] {
  const imported = new Set(importedBy(code).map(({ name }) => name.split('.')[0]));
  return [...bare.matchAll(/(?<![\w.])getattr\s*\(/g)].flatMap((match): UseAt[] => {
    const of = firstArgument(code, match.index);
    return imported.has(of) || of === '__builtins__'
      ? [{ kind: 'hidden-code', what: `getattr(${of}, …)`, at: match.index }]
      : [];
  });
}
