import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type GateReport, isGreen } from '../domain/gate-report.ts';
import { type Tool, type ToolFiles, type ToolVersion, toolName } from '../domain/tool.ts';
import { digestOf } from '../domain/tool-digest.ts';
import { newRights } from '../domain/tool-rights.ts';
import type { ToolProof } from '../spiral/tools.ts';
import { type Spiral, SpiralError } from '../spiral.ts';
import type { Store } from '../store/store.ts';
import type { Gated } from '../toolbox/gate.ts';
import { nextVersion, seedOf } from '../workflows/build-tool/prove.ts';
import type { Parts } from './parts.ts';
import { toolIn } from './tool-in-store.ts';

/** Files that the gate is to look at, with the tool that they are to become a version of. */
type Candidate = { readonly files: ToolFiles; readonly served: Tool | undefined; readonly version: string };

type Proved = { readonly gated: Gated; readonly proof: ToolProof };

/** What a person does with the gate: look at a tool, and adopt one by hand. */
export function adoptionOf(parts: Pick<Parts, 'store' | 'toolbox' | 'now'>): Pick<Spiral, 'proveTool' | 'adoptTool'> {
  /** What was green in this process, by what was proved: the same files need not be proved twice. */
  const green = new Map<string, Proved>();

  async function check(
    { files, served, version }: Candidate,
    cases: Parameters<Spiral['proveTool']>[0]['cases'],
    signal: AbortSignal,
  ): Promise<Proved> {
    const key = JSON.stringify([digestOf(files), version, cases, served?.digest]);
    const before = green.get(key);
    if (before) return before;
    const { gate } = await parts.toolbox.needs();
    const permissions = served?.manifest.permissions;
    const gated = await gate.check(
      { files, heldOut: cases ?? [], version, ...(permissions ? { before: permissions } : {}) },
      seedOf(nameIn(files) ?? ''),
      signal,
    );
    if (signal.aborted) throw new SpiralError('unavailable', 'The gate was stopped.', 'Nothing was saved.');
    const proved = { gated, proof: proofOf(gated, version, served) };
    if (proved.proof.isGreen) green.set(key, proved);
    return proved;
  }

  async function candidateIn(folder: string): Promise<Candidate> {
    const path = resolve(folder);
    const status = await stat(path).catch(() => undefined); // It is said below.
    if (!status?.isDirectory()) {
      throw new SpiralError('usage', `There is no folder ${folder}.`, 'Name a folder that holds a tool.json.');
    }
    const files = await (await parts.toolbox.needs()).filesIn(path);
    const name = nameIn(files);
    const served = name === undefined ? undefined : await toolIn((await parts.store()).tools, name);
    return { files, served, version: nextVersion(served) };
  }

  return {
    async proveTool({ cases, ...tool }, signal) {
      if ('folder' in tool) return (await check(await candidateIn(tool.folder), cases, signal)).proof;
      const candidate = await adopted(tool.name, await parts.store());
      const { proof } = await check(candidate, cases, signal);
      return cases === undefined ? withoutHeldOut(proof) : proof;
    },

    async adoptTool({ folder, cases, allow }, signal) {
      const { tools } = await parts.store();
      const candidate = await candidateIn(folder);
      const there = await sameAsServed(candidate, tools);
      if (there) return { kind: 'there', version: there };
      const { gated, proof } = await check(candidate, cases, signal);
      const { manifest, files } = gated;
      if (!proof.isGreen || !manifest) return { kind: 'red', proof };
      const rights = proof.newRights.filter((right) => !allow.includes(right));
      if (rights.length > 0) return { kind: 'asks', proof, rights };
      const published = await tools.publish({
        manifest,
        files,
        digest: digestOf(files),
        provenance: {
          requestedBy: 'human',
          builtBy: ['human'],
          adopted: 'by-a-person',
          builtAt: new Date(parts.now()).toISOString(),
        },
      });
      if (published.kind === 'published') return { kind: 'adopted', proof, version: published.version };
      throw new SpiralError(
        'unavailable',
        `${manifest.name} ${published.latest} was published while this was proved.`,
        'Adopt it again: it is then held against that version.',
      );
    },
  };
}

async function adopted(name: string, { tools }: Pick<Store, 'tools'>): Promise<Candidate> {
  const served = await toolIn(tools, name);
  const version = served?.manifest.version ?? '';
  const files = served && (await tools.files(name, version));
  if (!files) throw noToolNamed(name);
  return { files, served, version };
}

export function noToolNamed(name: string): SpiralError {
  return new SpiralError('usage', `There is no tool ${name}.`, 'See what there is: spiral tools');
}

function proofOf({ report, manifest, refusal }: Gated, version: string, served: Tool | undefined): ToolProof {
  return {
    report,
    isGreen: isGreen(report),
    ...(refusal === undefined ? {} : { refusal }),
    version,
    ...(manifest ? { manifest } : {}),
    newRights: manifest ? newRights(served?.manifest.permissions, manifest.permissions) : [],
  };
}

/** The held-out cases of a version are kept by nobody; it was not adopted without having passed them. */
function withoutHeldOut(proof: ToolProof): ToolProof {
  const rows = proof.report.rows.map((row) =>
    row.check === 'held-out' && row.verdict === 'failed'
      ? {
          ...row,
          verdict: 'not-run' as const,
          detail: 'none were given; it passed some when it was adopted',
          findings: [],
        }
      : row,
  );
  const report: GateReport = { ...proof.report, rows };
  return {
    ...proof,
    report,
    isGreen: rows.every(({ check, verdict }) => verdict === 'passed' || check === 'held-out'),
  };
}

/** Whether these files, whatever version they say, are the ones that are served. */
async function sameAsServed({ files, served }: Candidate, tools: Store['tools']): Promise<ToolVersion | undefined> {
  if (served?.status !== 'active') return undefined;
  const there = await tools.files(served.manifest.name, served.manifest.version);
  return there && isDeepStrictEqual(comparable(files), comparable(there)) ? served : undefined;
}

function comparable(files: ToolFiles) {
  const { version: _, ...manifest } = { ...(manifestIn(files) ?? {}) };
  const others = new Map([...files].filter(([path]) => path !== 'tool.json'));
  return { manifest, others: digestOf(others) };
}

function nameIn(files: ToolFiles): string | undefined {
  return toolName.safeParse(manifestIn(files)?.['name']).data;
}

/** `tool.json` as far as it can be read; what is wrong with it the gate tells. */
function manifestIn(files: ToolFiles): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(files.get('tool.json') ?? []).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // No JSON: the gate says where it breaks.
  }
}
