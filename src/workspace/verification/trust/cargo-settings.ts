import { join, relative } from 'node:path';
import type { Project } from '../project.ts';
import { textOf } from '../reading/bounded-file.ts';
import { findFiles } from '../reading/file-walk.ts';
import { foldersUpTo } from './node-settings.ts';
import type { Touched } from './touched.ts';

const settingsLimitBytes = 1024 * 1024;

/** Keys that replace the compiler, what links, or what runs a test program. */
const replacing =
  /^\s*["']?(?:[\w.'"()-]+\.)?(runner|rustc|rustc-wrapper|rustc-workspace-wrapper|rustdoc|linker|rustflags|rustdocflags)["']?\s*=/m;

/** Settings of cargo, made or changed by the task, that keep what `cargo test` prints from being believed. */
export async function cargoSettingsDoubts(project: Project, touched: Touched): Promise<string[]> {
  const doubts: string[] = [];
  const look = async (path: string, pattern: RegExp) => {
    const found = pattern.exec((await textOf(path, settingsLimitBytes)) ?? '')?.[1];
    if (found !== undefined && (await touched(path))) doubts.push(`${relative(project.workspace, path)} sets ${found}`);
  };
  for (const folder of foldersUpTo(project)) {
    for (const name of ['.cargo/config.toml', '.cargo/config']) await look(join(folder, name), replacing);
    for (const name of ['rust-toolchain.toml', 'rust-toolchain']) await look(join(folder, name), /^\s*(path)\s*=/m);
  }
  const { paths } = await findFiles(
    project.path,
    (path) => path === 'Cargo.toml' || path.endsWith('/Cargo.toml'),
    async () => false,
  );
  // A test program without the harness prints what it likes.
  for (const path of paths) await look(join(project.path, path), /^[^#\n]*\b(harness)\s*=\s*false/m);
  return doubts;
}
