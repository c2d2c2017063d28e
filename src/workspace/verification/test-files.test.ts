import { expect, test } from 'vitest';
import {
  isForeignNodeTest,
  isGoTest,
  isNativeNodeTest,
  isPythonTest,
  isTypedNodeTest,
  pythonStyleOf,
} from './test-files.ts';

test('the names that node looks for are known', () => {
  const native = ['a.test.js', 'x/a-test.mjs', 'a_test.cjs', 'test.js', 'x/test-a.js'];
  const other = ['test.txt', 'latest.js', 'contest.mjs', 'a.test.json', 'testing.js'];
  expect([...native, ...other].filter(isNativeNodeTest)).toEqual(native);
});

test('TypeScript tests and the names of other runners are told apart', () => {
  const typed = ['a.test.ts', 'a.spec.tsx', 'x/test.mts', 'a_test.ts'];
  const foreign = ['a.spec.js', '__tests__/a.js', 'x/__tests__/y/a.tsx', 'a.test.jsx'];
  const other = ['a.test.js', 'a.ts', 'a.test.d.ts.map', 'spec.js'];
  expect([...typed, ...foreign, ...other].filter(isTypedNodeTest)).toEqual(typed);
  expect([...typed, ...foreign, ...other].filter(isForeignNodeTest)).toEqual(foreign);
});

test('the names of python and go tests are known', () => {
  expect(['test_a.py', 'x/a_test.py', 'tests.py', 'a.py', 'contest.py', 'conftest.py'].filter(isPythonTest)).toEqual([
    'test_a.py',
    'x/a_test.py',
    'tests.py',
  ]);
  expect(['a_test.go', 'x/b_test.go', '_a_test.go', 'a.go'].filter(isGoTest)).toEqual(['a_test.go', 'x/b_test.go']);
});

test.each([
  ['import pytest\n', 'pytest'],
  ['from pytest import fixture\n', 'pytest'],
  ['def test_a():\n    pass\n', 'pytest'],
  ['async def test_a():\n    pass\n', 'pytest'],
  ['class TestA:\n    def test_a(self): pass\n', 'pytest'],
  ['import unittest\nclass TestA(unittest.TestCase):\n    def test_a(self): pass\n', 'unittest'],
  ['from django.test import TestCase\nclass A(TestCase): pass\n', 'unittest'],
  ['print("a script")\n', undefined],
  ['# def test_a\n', undefined],
  ['\n'.repeat(500_000), undefined],
])('the style of a python file is seen (case %#)', (text, style) => {
  expect(pythonStyleOf(text)).toBe(style);
});
