import {
  asExample,
  asFiles,
  type Case,
  failing,
  fields,
  integer,
  listOf,
  text,
  type WrittenTool,
} from './written-tool.ts';

type Parts = {
  readonly manifest: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly request: string;
  readonly examples: readonly Case[];
  readonly heldOut: readonly Case[];
  readonly files: Readonly<Record<string, string>>;
};

function toolOf({ manifest, request, examples, heldOut, files }: Parts): WrittenTool {
  const all = {
    'tool.json': JSON.stringify({ version: '0.1.0', description: request, ...manifest }, null, 2),
    'test/examples.json': JSON.stringify(examples.map(asExample)),
    ...files,
  };
  return { name: manifest.name, request, files: asFiles(all), heldOut: heldOut.map(asExample) };
}

export const titleCase = toolOf({
  request:
    'Writes a title with capital letters as English does: every word begins with one, but for a, an, the, and, or, but, of, in, on, to, for and at, unless they are the first or last word. Other letters stay as they are. Words are parted by spaces, which stay as they are.',
  manifest: {
    ...{ name: 'title-case', language: 'node', entry: 'title-case.cjs', permissions: { subprocess: false } },
    ...{ inputSchema: fields({ title: text }), outputSchema: fields({ title: text }) },
  },
  examples: [
    ['a title', { title: 'the lord of the rings' }, { title: 'The Lord of the Rings' }],
    ['kept', { title: 'using npm and iOS' }, { title: 'Using Npm and IOS' }],
  ],
  heldOut: [
    ['empty', { title: '' }, { title: '' }],
    ['the last word', { title: 'what is it for' }, { title: 'What Is It For' }],
    ['one', { title: 'a' }, { title: 'A' }],
    ['spaces', { title: 'to  be ' }, { title: 'To  Be ' }],
    ['other letters', { title: 'élan of ärzte' }, { title: 'Élan of Ärzte' }],
  ],
  files: {
    'title-case.cjs': `'use strict';
const fs = require('fs');

const SMALL = new Set('a an the and or but of in on to for at'.split(' '));

function titleCase(title) {
  const words = title.split(/( +)/);
  const places = words.map((word, place) => (word.trim() ? place : -1)).filter((place) => place >= 0);
  const first = places[0];
  const last = places[places.length - 1];
  return words
    .map((word, place) => {
      if (place !== first && place !== last && SMALL.has(word.toLowerCase())) return word;
      const letter = String.fromCodePoint(word.codePointAt(0) || 32);
      return word === '' ? word : letter.toUpperCase() + word.slice(letter.length);
    })
    .join('');
}

if (require.main === module) {
  const input = JSON.parse(fs.readFileSync(0, 'utf8'));
  console.log(JSON.stringify({ title: titleCase(input.title) }, null, 2));
}

module.exports = { titleCase };
`,
    'test/title-case.test.cjs': `const { test, describe } = require('node:test');
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { titleCase } = require('../title-case.cjs');

describe('titleCase', () => {
  test('words', () => assert.strictEqual(titleCase('war and peace'), 'War and Peace'));
  test('the program', () => {
    const { stdout, status } = spawnSync(process.execPath, ['title-case.cjs'], { input: '{"title":"x y"}' });
    assert.strictEqual(status, 0);
    assert.deepStrictEqual(JSON.parse(stdout), { title: 'X Y' });
  });
});
`,
  },
});

export const groupBy = toolOf({
  request:
    'Groups records by the value of one field: for every value, in the order in which it first came, how many records have it and the sum of a number field when one is named. Records without the field count under null. A number field that is no number in some record is an error.',
  manifest: {
    ...{ name: 'group-records', language: 'node', entry: 'src/main.mjs' },
    inputSchema: fields({
      records: listOf({ type: 'object', additionalProperties: true }),
      field: { type: 'string', minLength: 1 },
      'sum?': { type: 'string', minLength: 1 },
    }),
    outputSchema: fields({ groups: listOf(fields({ value: {}, count: integer, 'sum?': { type: 'number' } })) }),
  },
  examples: [
    [
      'counts',
      { records: [{ k: 'a' }, { k: 'b' }, { k: 'a' }], field: 'k' },
      {
        groups: [
          { value: 'a', count: 2 },
          { value: 'b', count: 1 },
        ],
      },
    ],
    [
      'sums',
      {
        records: [
          { k: 1, n: 2 },
          { k: 1, n: 3 },
        ],
        field: 'k',
        sum: 'n',
      },
      { groups: [{ value: 1, count: 2, sum: 5 }] },
    ],
    ['no number', { records: [{ k: 1, n: 'x' }], field: 'k', sum: 'n' }, failing],
  ],
  heldOut: [
    ['none', { records: [], field: 'k' }, { groups: [] }],
    [
      'without the field',
      { records: [{}, { k: 1 }], field: 'k' },
      {
        groups: [
          { value: null, count: 1 },
          { value: 1, count: 1 },
        ],
      },
    ],
    [
      'texts and numbers',
      { records: [{ k: 1 }, { k: '1' }], field: 'k' },
      {
        groups: [
          { value: 1, count: 1 },
          { value: '1', count: 1 },
        ],
      },
    ],
    ['a name that objects have', { records: [{}], field: 'toString' }, { groups: [{ value: null, count: 1 }] }],
    ['no number at all', { records: [{ k: 1 }], field: 'k', sum: 'n' }, failing],
  ],
  files: {
    'src/main.mjs': `import process from 'node:process';
import { group } from './group.mjs';

async function read() {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += chunk;
  return JSON.parse(text);
}

const input = await read();
const groups = group(input.records, input.field, input.sum);
if (groups instanceof Error) {
  console.error(groups.message);
  process.exit(2);
}
console.log(JSON.stringify({ groups }));
`,
    'src/group.mjs': `const own = (record, name) => (Object.prototype.hasOwnProperty.call(record, name) ? record[name] : undefined);

export function group(records, field, sum) {
  const groups = new Map();
  for (const [index, record] of records.entries()) {
    const value = own(record, field) ?? null;
    const key = typeof value + ':' + JSON.stringify(value);
    const found = groups.get(key) ?? { value, count: 0, ...(sum === undefined ? {} : { sum: 0 }) };
    found.count += 1;
    if (sum !== undefined) {
      const number = own(record, sum);
      if (typeof number !== 'number') return new Error('record ' + index + ' has no number in ' + sum);
      found.sum += number;
    }
    groups.set(key, found);
  }
  return [...groups.values()];
}
`,
    'group.test.mjs': `import { deepEqual, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { group } from './src/group.mjs';

describe('group', () => {
  it('counts', () => deepEqual(group([{ a: 1 }, { a: 1 }], 'a'), [{ value: 1, count: 2 }]));
  it('refuses', () => ok(group([{ a: 1 }], 'a', 'b') instanceof Error));
});
`,
  },
});

export const wrapText = toolOf({
  request:
    'Wraps a text at a width: lines are broken at spaces so that none is longer than the width, and words that are longer by themselves are cut. Empty lines part paragraphs and stay. Runs of spaces become one.',
  manifest: {
    ...{ name: 'wrap-text', language: 'python', entry: 'wrap.py' },
    inputSchema: fields({ text, width: { type: 'integer', minimum: 1, maximum: 1000 } }),
    outputSchema: fields({ lines: listOf(text) }),
  },
  examples: [
    ['words', { text: 'one two three', width: 7 }, { lines: ['one two', 'three'] }],
    ['paragraphs', { text: 'a\n\nb', width: 5 }, { lines: ['a', '', 'b'] }],
  ],
  heldOut: [
    ['empty', { text: '', width: 5 }, { lines: [] }],
    ['a long word', { text: 'abcdefgh', width: 3 }, { lines: ['abc', 'def', 'gh'] }],
    ['spaces', { text: 'a   b', width: 10 }, { lines: ['a b'] }],
    ['just as wide', { text: 'abc de', width: 6 }, { lines: ['abc de'] }],
    ['other letters', { text: 'äö üß', width: 2 }, { lines: ['äö', 'üß'] }],
    ['a width of none', { text: 'a', width: 0 }, failing],
  ],
  files: {
    'wrap.py': `#!/usr/bin/env python3
"""Wraps text. Reads {"text": ..., "width": ...} from stdin."""
import json
import re
import sys
import textwrap


def wrap(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for number, paragraph in enumerate(re.split(r"\\n[ \\t]*\\n\\s*", text)):
        words = " ".join(paragraph.split())
        if not words:
            continue
        if lines:
            lines.append("")
        lines.extend(textwrap.wrap(words, width, break_on_hyphens=False))
    return lines


def main() -> int:
    data = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    json.dump({"lines": wrap(data["text"], int(data["width"]))}, sys.stdout, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
`,
    'tests/test_wrap.py': `import json
import pathlib
import subprocess
import sys
import unittest

TOOL = pathlib.Path(__file__).resolve().parent.parent / "wrap.py"


class Wrap(unittest.TestCase):
    def test_program(self):
        done = subprocess.run([sys.executable, str(TOOL)], input=json.dumps({"text": "a b", "width": 1}), capture_output=True, text=True)
        self.assertEqual(json.loads(done.stdout), {"lines": ["a", "b"]})
`,
  },
});

export const httpStatus = toolOf({
  request:
    'Gives the reason phrase of an HTTP status code and its class (informational, success, redirection, client error, server error). A code from 100 to 599 without a phrase of its own has the phrase null. Codes outside are errors.',
  manifest: {
    ...{ name: 'http-status', language: 'python', entry: 'status.py' },
    inputSchema: fields({ code: integer }),
    outputSchema: fields({
      phrase: { type: ['string', 'null'] },
      class: { enum: ['informational', 'success', 'redirection', 'client error', 'server error'] },
    }),
  },
  examples: [
    ['found', { code: 200 }, { phrase: 'OK', class: 'success' }],
    ['not found', { code: 404 }, { phrase: 'Not Found', class: 'client error' }],
    ['outside', { code: 42 }, failing],
  ],
  heldOut: [
    ['a redirection', { code: 301 }, { phrase: 'Moved Permanently', class: 'redirection' }],
    ['without a phrase', { code: 299 }, { phrase: null, class: 'success' }],
    ['the last', { code: 599 }, { phrase: null, class: 'server error' }],
    ['behind the last', { code: 600 }, failing],
    ['negative', { code: -1 }, failing],
    ['the first', { code: 100 }, { phrase: 'Continue', class: 'informational' }],
  ],
  files: {
    'status.py': `import json
import sys
from http import HTTPStatus

CLASSES = ["informational", "success", "redirection", "client error", "server error"]

code = int(json.load(sys.stdin)["code"])
if not 100 <= code <= 599:
    sys.exit("a status code is from 100 to 599")
try:
    phrase = HTTPStatus(code).phrase
except ValueError:
    phrase = None
print(json.dumps({"phrase": phrase, "class": CLASSES[code // 100 - 1]}))
`,
    'test/test_status.py': `import json
import subprocess
import sys
import unittest


class Status(unittest.TestCase):
    def run_tool(self, code):
        return subprocess.run([sys.executable, "status.py"], input=json.dumps({"code": code}), capture_output=True, text=True)

    def test_known(self):
        self.assertEqual(json.loads(self.run_tool(500).stdout)["phrase"], "Internal Server Error")

    def test_outside(self):
        self.assertEqual(self.run_tool(99).returncode, 1)
`,
  },
});
