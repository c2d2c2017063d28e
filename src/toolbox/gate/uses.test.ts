import { describe, expect, test } from 'vitest';
import { pythonUses } from './python-uses.ts';
import { scriptUses } from './script-uses.ts';
import { shellUses } from './shell-uses.ts';

const inScript = (text: string, variables: string[] = []) => kindsOf(scriptUses(text, variables));
const inPython = (text: string, variables: string[] = []) => kindsOf(pythonUses(text, variables));

function kindsOf(uses: readonly { readonly kind: string }[]): string {
  return [...new Set(uses.map(({ kind }) => kind))].join();
}

describe('what a script uses', () => {
  test.each<[string, string, string]>([
    ['standard input', "import { readFileSync } from 'node:fs'; readFileSync(0, 'utf8');", ''],
    [
      'standard input by its name',
      "import fs from 'fs';\nconst STDIN = 0;\nfs.readFileSync(STDIN); fs.readFileSync('/dev/stdin');",
      '',
    ],
    ['a file beside it', "import fs from 'fs'; fs.readFileSync(new URL('./words.txt', import.meta.url));", ''],
    [
      'a file beside it, by a name',
      "import fs from 'fs';\nconst words = new URL('./words.txt', import.meta.url);\nfs.readFileSync(words);",
      '',
    ],
    ['a file above it', "import fs from 'fs'; fs.readFileSync(new URL('../../x', import.meta.url));", 'files'],
    [
      'its own files, to change them',
      "import fs from 'fs'; fs.writeFileSync(new URL('./n.txt', import.meta.url), '1');",
      'files',
    ],
    ['a file of the person', "import { readFile } from 'node:fs/promises'; await readFile(process.argv[2]);", 'files'],
    ['a method of the same name', "import fs from 'node:fs'; fs.readFileSync(0); store.readFile(name);", ''],
    ['fetch', "await fetch('https://example.org')", 'network'],
    ['a module of the network', "import net from 'node:net';", 'network'],
    ['a module of the network, by require', "const { get } = require('https');", 'network'],
    ['a module asked of the process', "process.getBuiltinModule('node:dgram')", 'network'],
    ['words in a text', "const text = 'fetch(1); eval(2); process.env';", ''],
    ['words in a comment', '// eval(x)\n/* fetch(y) */ const a = 1;', ''],
    ['words in an expression', 'const found = /eval(x)/.test(text);', ''],
    ['what is computed within a template', `const a = \`x \${eval(y)} z\`;`, 'hidden-code'],
    ['words behind what is computed within a template', `const a = \`\${y} eval(z)\`;`, ''],
    ['a program', "import { spawn } from 'node:child_process';", 'processes'],
    ['a thread', "const { Worker } = await import('node:worker_threads');", 'processes'],
    ['eval by another way', '(0, eval)(text)', 'hidden-code'],
    ['a function made of text', "new Function('return 1')", 'hidden-code'],
    ['the constructor of functions', "[].filter.constructor('return 1')()", 'hidden-code'],
    ['the constructor by its name', "[]['filter']['constructor']('return 1')()", 'hidden-code'],
    ['a global by a computed name', "globalThis['fet' + 'ch'](url)", 'hidden-code'],
    ['a module by a computed name', "await import('node:' + name)", 'hidden-code'],
    ['the module vm', "import vm from 'node:vm';", 'hidden-code'],
    ['another object of its own class', 'return new this.constructor(value);', ''],
    ['native code', "process.dlopen(module, 'x.node')", 'native-code'],
    ['the clock', 'const now = new Date();', 'chance'],
    ['a date of the input', 'const day = new Date(input.date);', ''],
    ['chance', 'Math.random()', 'chance'],
    ['the environment', 'const { HOME } = process.env;', 'environment'],
    ['the environment by import', "import { env } from 'node:process';", 'environment'],
  ])('%s', (_, text, kinds) => {
    expect(inScript(text)).toBe(kinds);
  });

  test('only the variables that it asks for', () => {
    expect(inScript('process.env.API_URL', ['API_URL'])).toBe('');
    expect(inScript('process.env.OTHER', ['API_URL'])).toBe('environment');
  });
});

describe('what a Python program uses', () => {
  test.each<[string, string, string]>([
    ['standard input', 'import sys, json\njson.load(sys.stdin)\nopen(0).read()', ''],
    ['a file beside it', 'import os\nopen(os.path.join(os.path.dirname(__file__), "words.txt"))', ''],
    ['its own files, to change them', 'import os\nopen(os.path.join(os.path.dirname(__file__), "n"), "w")', 'files'],
    ['a file above it', 'import os\nopen(os.path.join(os.path.dirname(__file__), "..", "x"))', 'files'],
    ['a file of the person', 'open(path)', 'files'],
    ['a file by pathlib', 'from pathlib import Path\nPath("/etc/passwd").read_text()', 'files'],
    ['a file beside it by pathlib', 'from pathlib import Path\n(Path(__file__).parent / "w.txt").read_text()', ''],
    ['names of answers of servers', 'from http import HTTPStatus', ''],
    ['a listing', 'import os\nos.listdir("/")', 'files'],
    ['a socket', 'import socket', 'network'],
    ['a request', 'from urllib import request', 'network'],
    ['an address that is only taken apart', 'from urllib.parse import urlsplit', ''],
    ['a program', 'import subprocess', 'processes'],
    ['a program by os', 'import os\nos.system("ls")', 'processes'],
    ['the environment', 'import os\nos.environ["HOME"]', 'environment'],
    ['the environment by import', 'from os import environ', 'environment'],
    ['eval', 'eval(text)', 'hidden-code'],
    ['an expression that is compiled', 'import re\nre.compile(pattern)', ''],
    ['a computed module', '__import__(name)', 'hidden-code'],
    ['a computed attribute of a module', 'import os\ngetattr(os, "sys" + "tem")("ls")', 'hidden-code'],
    ['pickled objects', 'import pickle', 'hidden-code'],
    ['what is computed within a text', 'f"{eval(x)}"', 'hidden-code'],
    ['native code', 'from ctypes import cdll', 'native-code'],
    ['words in texts and comments', '"""eval(x)"""\nname = "os.environ"  # open(path)', ''],
    ['the clock', 'from datetime import datetime\ndatetime.now()', 'chance'],
    ['chance', 'import random\nrandom.shuffle(items)', 'chance'],
    ['chance with a seed', 'import random\nrandom.Random(7).random()', ''],
  ])('%s', (_, text, kinds) => {
    expect(inPython(text)).toBe(kinds);
  });

  test('only the variables that it asks for', () => {
    expect(inPython('import os\nos.environ.get("API_URL")', ['API_URL'])).toBe('');
    expect(inPython('import os\nos.getenv("OTHER")', ['API_URL'])).toBe('environment');
  });
});

test('what a shell script uses', () => {
  expect(kindsOf(shellUses('curl https://example.org\n', []))).toBe('network');
  expect(kindsOf(shellUses('eval "$x"\ncat ~/.ssh/id_rsa\n', []))).toBe('hidden-code,files');
  expect(kindsOf(shellUses('# curl\njq .a\n', []))).toBe('');
});
