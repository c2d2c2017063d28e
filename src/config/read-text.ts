import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { ConfigError } from './config-error.ts';

const mostBytes = 1_000_000;

export type TextFile = {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Others than its owner may read it. Always false on Windows, which has no such bits. */
  readonly readByOthers: boolean;
};

/**
 * A settings file as text; undefined when there is none. Throws `ConfigError` for a file that cannot be read, is not UTF-8
 * or has more than a megabyte.
 *
 * @param folders what a folder of that name means: a mistake as well, or none
 */
export async function readText(path: string, folders: 'refused' | 'ignored'): Promise<TextFile | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const stats = await file.stat();
      if (folders === 'ignored' && stats.isDirectory()) return undefined;
      refuse(path, stats);
      return { path, text: decoded(path, await file.readFile()), readByOthers: readByOthers(stats) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') return undefined;
    throw new ConfigError(
      `cannot be read (${code})`,
      `Make the file readable: ls -l ${path}`,
      { file: path },
      { cause: error },
    );
  }
}

function refuse(path: string, stats: Stats): void {
  if (stats.isDirectory()) throw folder(path);
  if (!stats.isFile()) throw new ConfigError('is not a file', 'Name an ordinary file.', { file: path });
  if (stats.size <= mostBytes) return;
  throw new ConfigError('is larger than 1 MB', 'Name a configuration file; this can hardly be one.', { file: path });
}

function folder(path: string): ConfigError {
  return new ConfigError('is a folder, not a file', `Name the file in it, such as ${path}/config.toml.`, {
    file: path,
  });
}

function decoded(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ConfigError('is not UTF-8 text', 'Save the file as UTF-8.', { file: path }, { cause: error });
  }
}

function readByOthers(stats: Stats): boolean {
  return process.platform !== 'win32' && (stats.mode & 0o044) !== 0;
}
