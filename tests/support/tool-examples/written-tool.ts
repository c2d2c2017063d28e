import type { ToolExample, ToolFiles } from '../../../src/domain/tool.ts';

/** A case with its input and what has to come of it. */
export type Case = readonly [name: string, input: unknown, outcome: unknown];

/** Stands in a case for: it has to fail. */
export const failing = Symbol('failing');
/** Stands in a case for: whatever fits. */
export const anything = Symbol('anything');

/** Stands in a case for: these fields, and whatever else. */
export class AtLeast {
  readonly fields: object;
  constructor(fields: object) {
    this.fields = fields;
  }
}

export type WrittenTool = {
  readonly name: string;
  /** What was asked for; the held-out cases were written from it alone. */
  readonly request: string;
  readonly files: ToolFiles;
  readonly heldOut: readonly ToolExample[];
};

export type ToolText = {
  readonly name: string;
  readonly request: string;
  readonly description?: string;
  readonly input: object;
  readonly output: object;
  readonly examples: readonly Case[];
  readonly heldOut: readonly Case[];
  /** A module with `answer`, which takes the input and gives the output, or throws. */
  readonly answer: string;
  /** The body of its tests: `check(input, output)` and `refuses(input)` are there. */
  readonly tests: string;
  /** Further parts of `tool.json`. */
  readonly more?: object;
};

/** A tool for Node: the program reads and writes, `answer.mjs` computes. */
export function nodeTool(text: ToolText): WrittenTool {
  return written(text, 'node', {
    'index.mjs': nodeProgram,
    'answer.mjs': text.answer,
    'test/answer.test.mjs': `${nodeTests}\n${text.tests.trim()}\n`,
  });
}

/** The same for Python. */
export function pythonTool(text: ToolText): WrittenTool {
  return written(text, 'python', {
    'main.py': pythonProgram,
    'answer.py': text.answer,
    'test/test_answer.py': `${pythonTests}\n${text.tests.trim().replace(/^/gm, '    ')}\n`,
  });
}

const nodeProgram = `import { readFileSync } from 'node:fs';
import { answer } from './answer.mjs';

try {
  const input = JSON.parse(readFileSync(0, 'utf8'));
  process.stdout.write(JSON.stringify(answer(input)));
} catch (error) {
  process.stderr.write(error.message + '\\n');
  process.exitCode = 1;
}
`;

const nodeTests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../answer.mjs';

const check = (input, output) => assert.deepEqual(answer(input), output);
const refuses = (input) => assert.throws(() => answer(input));
`;

const pythonProgram = `import json
import sys

from answer import answer

try:
    result = answer(json.load(sys.stdin))
except ValueError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
json.dump(result, sys.stdout)
`;

const pythonTests = `import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from answer import answer


class AnswerTest(unittest.TestCase):
    def check(self, input, output):
        self.assertEqual(answer(input), output)

    def refuses(self, input):
        with self.assertRaises(ValueError):
            answer(input)
`;

function written(text: ToolText, language: 'node' | 'python', files: Readonly<Record<string, string>>): WrittenTool {
  const { name, request, description = request.slice(0, 300), input, output, examples, heldOut, more } = text;
  const manifest = {
    ...{ name, version: '1.0.0', description, inputSchema: input, outputSchema: output, language },
    entry: language === 'node' ? 'index.mjs' : 'main.py',
    limits: { timeoutMs: 10_000, memoryMb: 256, outputKb: 256 },
    ...more,
  };
  const all = {
    'tool.json': JSON.stringify(manifest, null, 2),
    'test/examples.json': JSON.stringify(examples.map(asExample), null, 2),
    ...files,
  };
  return { name, request, files: asFiles(all), heldOut: heldOut.map(asExample) };
}

export function asExample([name, input, outcome]: Case): ToolExample {
  if (outcome === failing) return { name, input, error: true };
  if (outcome instanceof AtLeast) return { name, input, error: false, partial: true, output: outcome.fields };
  return { name, input, error: false, ...(outcome === anything ? {} : { output: outcome }) };
}

export function asFiles(texts: Readonly<Record<string, string>>): ToolFiles {
  return new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
}

/** An object schema in which every property is demanded, but for those whose names end with `?`. */
export function fields(properties: Readonly<Record<string, object>>): object {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key.replace(/\?$/, ''), schema])),
    required: Object.keys(properties).filter((key) => !key.endsWith('?')),
    additionalProperties: false,
  };
}

export const text = { type: 'string' };
export const number = { type: 'number' };
export const integer = { type: 'integer' };

export function listOf(items: object): object {
  return { type: 'array', items };
}

/** The tool with another text in one of its files; throws when the old one is not there. */
export function changed(
  tool: WrittenTool,
  path: string,
  ...changes: readonly (readonly [old: string, fresh: string])[]
): WrittenTool {
  let content = Buffer.from(tool.files.get(path) ?? []).toString();
  for (const [old, fresh] of changes) {
    if (!content.includes(old)) throw new Error(`${tool.name}: there is no ${JSON.stringify(old)} in ${path}`);
    content = content.replace(old, () => fresh);
  }
  return withFile(tool, path, content);
}

export function withFile(tool: WrittenTool, path: string, content: string): WrittenTool {
  return { ...tool, files: new Map(tool.files).set(path, Buffer.from(content)) };
}

/** The tool with only some of its examples, and with these tests: an author who believes in a fault has no case against it. */
export function believing(tool: WrittenTool, examples: readonly string[], tests: string): WrittenTool {
  const path = 'test/examples.json';
  const all: { name: string }[] = JSON.parse(Buffer.from(tool.files.get(path) ?? []).toString());
  const kept = withFile(tool, path, JSON.stringify(all.filter(({ name }) => examples.includes(name))));
  const isNode = kept.files.has('index.mjs');
  const [file, text] = isNode
    ? ['test/answer.test.mjs', `${nodeTests}\n${tests.trim()}\n`]
    : ['test/test_answer.py', `${pythonTests}\n${tests.trim().replace(/^/gm, '    ')}\n`];
  return withFile(kept, file ?? '', text ?? '');
}
