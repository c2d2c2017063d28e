import { expect, test } from 'vitest';
import { complexityOf } from './complexity.ts';

test.each([
  'Write a two-line script that prints the date',
  'print hello world in python',
  'Fix the typo in the README',
  'Rename foo to bar',
  'Write a function that adds two numbers',
])('simple: %s', (text) => expect(complexityOf(text)).toBe('simple'));

test.each([
  'Create a Rust web scraper with error handling and comprehensive tests',
  'Create a web scraper in Node.js with error handling and comprehensive tests',
  'Write a command-line tool that converts CSV to JSON',
  'Add unit tests for the date parser',
  'Refactor the config module',
  'Add a GET /health endpoint',
])('medium: %s', (text) => expect(complexityOf(text)).toBe('medium'));

test.each([
  'Build an API with a database',
  'Create a REST API for todo management with authentication',
  'Create a complete e-commerce API with payment processing',
  'Create a complete user authentication system with password reset',
  'Build a full-stack chat application with React and Postgres',
])('complex: %s', (text) => expect(complexityOf(text)).toBe('complex'));

test('a long list of demands is complex, whatever its words', () => {
  expect(complexityOf('Change these:\n- the colour\n- the name\n- the size\n- the place')).toBe('complex');
});
