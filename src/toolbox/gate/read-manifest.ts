import { type ToolExample, type ToolFiles, type ToolManifest, toolExamples, toolManifest } from '../../domain/tool.ts';
import { problemOfToolFiles } from '../../domain/tool-files.ts';
import type { Candidate } from '../gate.ts';
import { shown, visible } from './finding.ts';
import { type Fit, fitOf } from './fit.ts';
import { depthOf, isJsonObject } from './json-value.ts';
import { problemsOfListing } from './listing-problems.ts';
import { problemsOfSchema } from './schema-problems.ts';

const mostFiles = 200;
const mostBytes = 5 * 1024 * 1024;
/** What file systems take. */
const longestNameBytes = 255;
const mostJsonBytes = 500_000;
const deepestJson = 100;
const examplesPath = 'test/examples.json';

/** A candidate whose parts fit together, so that it can be tried. */
export type ReadCandidate = {
  readonly manifest: ToolManifest;
  readonly examples: readonly ToolExample[];
  readonly fit: Fit;
};

export type Reading = {
  /** What keeps it from being tried. */
  readonly problems: readonly string[];
  /** Present when `tool.json` could be read. */
  readonly manifest?: ToolManifest;
  /** The files with the manifest as it was checked. */
  readonly files: ToolFiles;
  /** Present when there are no problems. */
  readonly whole?: ReadCandidate;
};

/** Reads what the files say of the tool; nothing of it is run. */
export function readCandidate({ files, version }: Pick<Candidate, 'files' | 'version'>): Reading {
  const ofFiles = problemOfFiles(files);
  if (ofFiles !== undefined) return { problems: [ofFiles], files };
  const raw = jsonIn(files, 'tool.json');
  if ('problem' in raw) return { problems: [raw.problem], files };
  if (!isJsonObject(raw.value)) return { problems: ['tool.json is no JSON object'], files };
  // The version is given by whoever publishes it.
  const settled = { ...raw.value, version };
  const parsed = toolManifest.safeParse(settled);
  if (!parsed.success)
    return {
      problems: parsed.error.issues.map(({ path, message }) => `tool.json: ${path.join('.') || 'it'}: ${message}`),
      files,
    };
  const manifest = parsed.data;
  const publishable = new Map(files).set('tool.json', Buffer.from(`${JSON.stringify(settled, null, 2)}\n`));
  const ofManifest = [
    ...problemsOfProgram(manifest, files),
    ...problemsOfPaths(manifest),
    ...problemsOfSchemas(manifest),
  ];
  const read = readExamples(files);
  if (ofManifest.length > 0 || 'problems' in read) {
    const problems = [...ofManifest, ...('problems' in read ? read.problems : [])];
    return { problems, manifest, files: publishable };
  }
  const fit = fitting(manifest);
  if (typeof fit === 'string') return { problems: [fit], manifest, files: publishable };
  const problems = problemsOfExamples(read.examples, fit);
  const whole: ReadCandidate = { manifest, examples: read.examples, fit };
  return { problems, manifest, files: publishable, ...(problems.length === 0 ? { whole } : {}) };
}

/** A text tells why values cannot be held against its schemas. */
function fitting(manifest: ToolManifest): Fit | string {
  try {
    return fitOf(manifest);
  } catch (error) {
    return `the schemas cannot be served: ${error instanceof Error ? error.message : error}`;
  }
}

function problemOfFiles(files: ToolFiles): string | undefined {
  if (files.size > mostFiles) return `there are ${files.size} files, and a tool has at most ${mostFiles}`;
  const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  if (bytes > mostBytes) return `its files have ${bytes} bytes, and a tool has at most ${mostBytes}`;
  const long = [...files.keys()].find((path) =>
    path.split('/').some((name) => Buffer.byteLength(name) > longestNameBytes),
  );
  if (long !== undefined) return `the name of the file ${shown(long, 60)} is too long`;
  return problemOfToolFiles(files);
}

function jsonIn(files: ToolFiles, path: string): { readonly value: unknown } | { readonly problem: string } {
  const content = files.get(path);
  if (content === undefined) return { problem: `there is no file ${path}` };
  if (content.length > mostJsonBytes) return { problem: `${path} is longer than ${mostJsonBytes} bytes` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    if (depthOf(text) > deepestJson) return { problem: `${path} is nested deeper than ${deepestJson} levels` };
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `${path} is no JSON: ${error instanceof Error ? error.message : error}` };
  }
}

function problemsOfProgram({ language, entry, command }: ToolManifest, files: ToolFiles): string[] {
  const problems: string[] = [];
  if (!files.has(entry)) problems.push(`tool.json: entry: there is no file ${shown(entry)}`);
  if (language === 'command' && command === undefined)
    problems.push('tool.json: command: a tool of the language "command" has to say how it is run');
  if (language !== 'command' && command !== undefined)
    problems.push(`tool.json: command: only a tool of the language "command" has one; this one is ${language}`);
  return problems;
}

/** `$WORKSPACE/..` would lead out of what a human thinks to grant. */
function problemsOfPaths({ permissions: { read, write } }: ToolManifest): string[] {
  const isPlain = /^(?:\$WORKSPACE(?=\/|$)|(?=\/))[^\0\n]*$/;
  return [...read, ...write]
    .filter((path) => !isPlain.test(path) || path.split('/').includes('..'))
    .map((path) => `tool.json: permissions: ${shown(path)} is neither an absolute path nor one within $WORKSPACE`);
}

function problemsOfSchemas({ inputSchema, outputSchema }: ToolManifest): string[] {
  return [
    ...problemsOfListing('inputSchema', inputSchema),
    ...problemsOfSchema('inputSchema', inputSchema),
    ...problemsOfSchema('outputSchema', outputSchema),
  ];
}

function readExamples(
  files: ToolFiles,
): { readonly examples: readonly ToolExample[] } | { readonly problems: readonly string[] } {
  const raw = jsonIn(files, examplesPath);
  if ('problem' in raw) return { problems: [raw.problem] };
  const parsed = toolExamples.safeParse(raw.value);
  if (parsed.success) return { examples: parsed.data };
  return {
    problems: parsed.error.issues.map(({ path, message }) => `${examplesPath}: ${path.join('.') || 'it'}: ${message}`),
  };
}

function problemsOfExamples(examples: readonly ToolExample[], fit: Fit): string[] {
  const problems: string[] = [];
  if (examples.every(({ error }) => error)) problems.push(`${examplesPath}: at least one example has to be answered`);
  for (const { name, input, error, ...rest } of examples) {
    const told = `${examplesPath}: ${visible(name, 80)}`;
    const misfit = fit.input(input);
    if (misfit !== undefined && !error) problems.push(`${told}: its input does not fit the input schema: ${misfit}`);
    // Fields that are left open are missing in a part.
    const wrong = !error && !rest.partial && 'output' in rest ? fit.output(rest.output) : undefined;
    if (wrong !== undefined) problems.push(`${told}: its output does not fit the output schema: ${wrong}`);
  }
  return problems;
}
