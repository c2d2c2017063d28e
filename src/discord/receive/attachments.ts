/** A file of a message, as Discord announces it. */
export type OfferedFile = { readonly name: string; readonly bytes: number };

/** The files that are taken, in their order, and for each other one why not, in one line. */
export type TakenFiles<File extends OfferedFile> = {
  readonly taken: readonly File[];
  readonly refused: readonly string[];
};

const megabyte = 1024 * 1024;
const mostFiles = 10;
export const mostBytesOfFile = 8 * megabyte;
const mostBytesTogether = 20 * megabyte;
const shownName = 80;

/** By the end of a name, for what people send to be worked on; nothing of it is ever executed by being taken. */
const known = new Set(
  `txt md rst adoc log tex rtf csv tsv json jsonl ndjson yaml yml toml ini cfg conf properties xml html htm css scss sass less
  svg js mjs cjs jsx ts mts cts tsx vue svelte astro py pyi ipynb rb rs go java kt kts scala groovy c h cc cpp cxx hpp hh m mm
  swift cs fs vb php pl pm lua r jl ex exs erl hrl hs elm clj cljs dart zig nim sol sql graphql gql proto thrift tf hcl nix
  gradle cmake mk lock patch diff editorconfig gitignore dockerignore png jpg jpeg gif webp bmp ico avif pdf zip gz tgz tar
  docx xlsx pptx odt ods parquet sqlite wasm`.split(/\s+/),
);

/** Files that have no ending and are known all the same. */
const knownNames = new Set([
  'dockerfile',
  'makefile',
  'readme',
  'license',
  'changelog',
  'gemfile',
  'rakefile',
  'procfile',
]);

export function takenFrom<File extends OfferedFile>(offered: readonly File[]): TakenFiles<File> {
  const taken: File[] = [];
  const refused: string[] = [];
  let bytes = 0;
  for (const file of offered) {
    const why = reasonAgainst(file, taken.length, bytes);
    if (why === undefined) {
      taken.push(file);
      bytes += file.bytes;
    } else {
      refused.push(`${nameShown(file.name)} was not taken: ${why}.`);
    }
  }
  return { taken, refused };
}

function reasonAgainst({ name, bytes }: OfferedFile, count: number, before: number): string | undefined {
  if (!isKnown(name)) return 'files of its kind are not taken; send text, code, data, pictures, PDF or a zip';
  if (bytes > mostBytesOfFile) return `it is larger than ${mostBytesOfFile / megabyte} MB`;
  if (count >= mostFiles) return `${mostFiles} files are taken at once`;
  if (before + bytes > mostBytesTogether) return `all files together may have ${mostBytesTogether / megabyte} MB`;
  return undefined;
}

function isKnown(name: string): boolean {
  const lower = name.trim().toLowerCase();
  const dot = lower.lastIndexOf('.');
  return dot === -1 ? knownNames.has(lower) : known.has(lower.slice(dot + 1));
}

function nameShown(name: string): string {
  const plain = name.replaceAll(/[\p{C}`*_~|@<>#]/gu, '');
  return plain.length > shownName ? `${plain.slice(0, shownName)}…` : plain;
}
