import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { counted } from '../../domain/amounts.ts';
import { type GateCheck, type GateRow, gateChecks } from '../../domain/gate-report.ts';
import type { ToolFiles, ToolManifest, ToolPermissions } from '../../domain/tool.ts';
import type { ToolCells } from '../../sandbox/cells.ts';
import type { Candidate, Gate, Gated } from '../gate.ts';
import { type Calls, callsOf } from './calls.ts';
import { rowOfExamples, rowOfHeldOut, type TriedCase, tryCases } from './cases.ts';
import { rowOfDependencies } from './dependencies.ts';
import { checkDeterminism } from './determinism.ts';
import { rowOfLimits } from './limits.ts';
import { checkOwnTests } from './own-tests.ts';
import { checkProperties, type Properties } from './properties.ts';
import { type ReadCandidate, readCandidate } from './read-manifest.ts';
import { checked, notRun } from './row.ts';
import { rowOfScan } from './scan.ts';
import { sourcesIn, usesOfTool } from './sources.ts';
import type { Use } from './uses.ts';

export type GateSetting = {
  readonly cells: ToolCells;
  /** Where the files of candidates lie while they are tried; the system's folder for such files when it is left out. */
  readonly folder?: string;
};

/** How many calls are made a second time. */
const mostAgain = 14;

/** Opens the gate; nothing is started before the first candidate. */
export function openGate({ cells, folder = tmpdir() }: GateSetting): Gate {
  return {
    async check(candidate, seed, signal) {
      const begun = performance.now();
      const { problems, manifest, files, whole } = readCandidate(candidate);
      const first = checked('manifest', detailOfManifest(files, whole), problems);
      const { rows, refusal } = whole
        ? await rowsOf({ candidate, whole, files }, { cells, folder }, seed, signal)
        : { rows: [] };
      const all = gateChecks.map(
        (check) =>
          [first, ...rows].find((row) => row.check === check) ?? notRun(check, whyNotRun(whole !== undefined, refusal)),
      );
      const gated: Gated = {
        report: { rows: all, isolation: await cells.isolation(), durationMs: Math.round(performance.now() - begun) },
        ...(manifest ? { manifest } : {}),
        ...(refusal === undefined ? {} : { refusal }),
        files,
      };
      return gated;
    },
  };
}

function whyNotRun(isWhole: boolean, refusal: string | undefined): string {
  if (refusal !== undefined) return 'no call of it can be made here';
  return isWhole ? 'the check was ended' : 'the manifest has to be mended first';
}

function detailOfManifest(files: ToolFiles, whole: ReadCandidate | undefined): string {
  const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  const examples = whole ? `, ${counted(whole.examples.length, 'example')}` : '';
  return `${counted(files.size, 'file')}, ${bytes} bytes${examples}`;
}

type Setting = Required<GateSetting>;
type Trial = { readonly candidate: Candidate; readonly whole: ReadCandidate; readonly files: ToolFiles };

async function rowsOf(
  trial: Trial,
  { cells, folder: parent }: Setting,
  seed: number,
  signal: AbortSignal,
): Promise<{ readonly rows: readonly GateRow[]; readonly refusal?: string }> {
  const { candidate, whole, files } = trial;
  const sources = sourcesIn(files, whole.manifest);
  const uses = usesOfTool(sources, whole.manifest);
  const read = [
    rowOfScan({ files, sources, uses, manifest: whole.manifest, before: candidate.before }),
    rowOfDependencies(whole.manifest, files, sources),
  ];
  const place = await realpath(await mkdtemp(join(parent, 'spiral-gate-')));
  try {
    const [folder, workspace] = [join(place, 'tool'), join(place, 'workspace')];
    const manifest = asTried(whole.manifest, candidate.before);
    await writeFiles(folder, files);
    await makeWorkspace(workspace, manifest.permissions);
    const calls = callsOf({ cells, manifest, folder, workspace, signal });
    const refusal = await refusalOf(whole, calls, cells);
    if (refusal !== undefined) return { rows: read, refusal };
    const rows: GateRow[] = [];
    for await (const row of tried({ ...trial, calls, uses, seed, signal, folder, cells })) {
      // What was stopped in the middle says nothing.
      if (signal.aborted) break;
      rows.push(row);
    }
    return { rows: [...read, ...rows] };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Where tools cannot be isolated wholly some are refused; then there is nothing to try, and nothing for the author to mend. */
async function refusalOf(
  { examples: [first] }: ReadCandidate,
  calls: Calls,
  cells: ToolCells,
): Promise<string | undefined> {
  if (!first || (await cells.isolation()) === 'bubblewrap') return undefined;
  const end = await calls.make(first.input);
  return end.kind === 'not-started' ? end.reason : undefined;
}

type Trying = Trial & {
  readonly calls: Calls;
  readonly uses: readonly Use[];
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly folder: string;
  readonly cells: ToolCells;
};

/** The checks in which the tool is run, one after the other. */
async function* tried(trying: Trying): AsyncGenerator<GateRow> {
  const { candidate, whole, files, calls, uses, seed, signal, folder, cells } = trying;
  const { manifest, examples, fit } = whole;
  const triedExamples = await tryCases(examples, calls, fit);
  yield rowOfExamples(triedExamples);
  yield await checkOwnTests({ cells, manifest, files, folder, signal });
  yield rowOfHeldOut(await tryCases(candidate.heldOut, calls, fit, { isHeldOut: true }));
  const good = triedExamples.filter(({ problem }) => problem === undefined);
  if (good.some(({ end }) => end?.kind === 'output')) {
    const properties = await checkProperties({ manifest, examples: good, calls, fit, seed, signal });
    yield properties.row;
    yield await checkDeterminism(manifest, madeAgain(good, properties), calls, uses);
  } else yield* without(['properties', 'determinism'], 'no example is answered as it should be');
  yield rowOfLimits(manifest, calls.made(), await cells.isolation());
}

function without(checks: readonly GateCheck[], why: string): GateRow[] {
  return checks.map((check) => notRun(check, why));
}

/** The examples, and some of what else was answered. */
function madeAgain(good: readonly TriedCase[], { made }: Properties) {
  const ofExamples = good.flatMap(({ example, end }) =>
    end?.kind === 'output' ? [{ input: example.input, end }] : [],
  );
  const answered = made.filter(({ end }) => end.kind === 'output');
  const step = Math.max(1, Math.floor(answered.length / mostAgain));
  return [...ofExamples.slice(0, mostAgain), ...answered.filter((_, index) => index % step === 0)].slice(
    0,
    mostAgain * 2,
  );
}

/**
 * The rights that a tool is tried with. No human has granted them yet: what lies on the machine and in its environment stays
 * out of reach, unless the version that is served has it already. A workspace is an empty one.
 */
function asTried(manifest: ToolManifest, before: ToolPermissions | undefined): ToolManifest {
  const { permissions } = manifest;
  const reachable = (right: 'read' | 'write') =>
    permissions[right].filter((path) => path.startsWith('$WORKSPACE') || before?.[right].includes(path));
  return { ...manifest, permissions: { ...permissions, read: reachable('read'), write: reachable('write') } };
}

async function makeWorkspace(workspace: string, { read, write }: ToolPermissions): Promise<void> {
  await mkdir(workspace, { recursive: true });
  for (const path of [...read, ...write]) {
    const inside = join(workspace, path.slice('$WORKSPACE'.length));
    if (path.startsWith('$WORKSPACE') && inside.startsWith(workspace)) await mkdir(inside, { recursive: true });
  }
}

async function writeFiles(folder: string, files: ToolFiles): Promise<void> {
  await mkdir(folder);
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
