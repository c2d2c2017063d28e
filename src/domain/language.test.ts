import { expect, test } from 'vitest';
import { languageOf } from './language.ts';

const nothing = {};

test.each([
  ['Create a Rust web scraper with error handling and comprehensive tests', 'Rust'],
  ['Create a web scraper in Node.js with error handling', 'JavaScript'],
  ['Write a python script that renames files', 'Python'],
  ['Build a CLI in Go', 'Go'],
  ['write a golang worker pool', 'Go'],
  ['Create a TypeScript library for dates', 'TypeScript'],
  ['Build a REST API with Django', 'Python'],
  ['Use cargo to set up a workspace', 'Rust'],
  ['Make a Rails application for recipes', 'Ruby'],
  ['Write a C program that sorts numbers', 'C'],
  ['Implement it in C++', 'C++'],
  ['a linked list in C#', 'C#'],
  ['Port this module from Python to Rust', 'Rust'],
  ['Convert the JavaScript files into TypeScript', 'TypeScript'],
  ['Write an R package for survey weights', 'R'],
  ['A Swift package that parses dates', 'Swift'],
])('%s: %s', (text, name) => expect(languageOf(text, nothing).name).toBe(name));

test.each([
  'Create a web scraper',
  'go through the list and remove duplicates',
  'Make a swift check of the logs',
  'remove the rust from the picture generator',
  'Express the rules as a table',
  'Write a story',
])('unknown, not guessed: %s', (text) => expect(languageOf(text, nothing)).toEqual({ name: 'unknown', confidence: 0 }));

test('without a word for it the language is what the workspace is mostly written in', () => {
  expect(languageOf('Add a cache', { py: 12, md: 3, js: 1 })).toEqual({ name: 'Python', confidence: 0.6 });
});

test('a workspace in two languages alike says nothing', () => {
  expect(languageOf('Add a cache', { py: 6, go: 5 }).name).toBe('unknown');
});

test('what the task names counts more than the workspace', () => {
  expect(languageOf('Add a Rust extension', { py: 50 }).name).toBe('Rust');
});

test('two languages named alike are unknown', () => {
  expect(languageOf('A bridge between Kotlin and Haskell', nothing).name).toBe('unknown');
});

test('a name is surer than a framework, and nothing is certain but a stated target', () => {
  const named = languageOf('a Python script', nothing).confidence;
  const hinted = languageOf('a Django site', nothing).confidence;
  expect(named).toBeGreaterThan(hinted);
  expect(named).toBeLessThan(1);
});
