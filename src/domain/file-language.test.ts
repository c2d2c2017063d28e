import { expect, test } from 'vitest';
import { languageOfFile } from './file-language.ts';

test('the extension tells the language, in small letters or capitals, wherever the file lies', () => {
  expect(languageOfFile('src/main.rs')).toBe('Rust');
  expect(languageOfFile('a.b/C.TS')).toBe('TypeScript');
  expect(languageOfFile('view.tsx')).toBe('TSX');
});

test('some names tell more than their extension', () => {
  expect(languageOfFile('docker/Dockerfile')).toBe('Dockerfile');
  expect(languageOfFile('CMakeLists.txt')).toBe('CMake');
  expect(languageOfFile('go.mod')).toBe('Go Module');
});

test('what tells of no language is unknown', () => {
  for (const path of ['LICENSE', '.env', 'a.', 'folder.ts/file', 'constructor', 'a.constructor', '.ts', '']) {
    expect(languageOfFile(path), path).toBe('unknown');
  }
});
