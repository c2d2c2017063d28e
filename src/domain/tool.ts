import * as z from 'zod';
import { agentRoles } from './agent.ts';
import type { TaskId } from './identifiers.ts';

/** What a tool is called, by agents, by people, and by the folder that it lies in. */
export const toolName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'a name has small letters, digits, and single hyphens between them')
  .max(40);

/** Semantic versioning without labels; they are given when a version is published, and never used again. */
const toolVersion = z.string().regex(/^(?:0|[1-9]\d{0,4})\.(?:0|[1-9]\d{0,4})\.(?:0|[1-9]\d{0,4})$/);

/** JSON Schema of an object, as far as the gate lets it pass; it is given on as it stands here. */
const toolSchema = z.record(z.string(), z.unknown());

const relativePath = z.string().min(1).max(200);
const host = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'a host is a plain name, for example api.example.org');
const variable = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/);

/** What a tool may do beyond computing; a human grants it together with the version. */
export const toolPermissions = z.strictObject({
  /** Absolute folders or files that it may read, or write. The workspace of whoever calls it is `$WORKSPACE`. */
  read: z.array(z.string().min(1).max(500)).max(20).default([]),
  write: z.array(z.string().min(1).max(500)).max(20).default([]),
  hosts: z.array(host).max(20).default([]),
  /** Names of variables of the environment that it gets. */
  env: z.array(variable).max(20).default([]),
  subprocess: z.boolean().default(false),
});

const toolLimits = z.strictObject({
  timeoutMs: z.number().int().min(100).max(600_000).default(30_000),
  memoryMb: z.number().int().min(16).max(2_048).default(256),
  /** Of what it prints; its answer is part of that. */
  outputKb: z.number().int().min(1).max(4_096).default(256),
});

/**
 * `tool.json`. A tool reads one JSON value, its input, from its standard input and writes one, its output, to its standard
 * output; 0 is the only exit code of success, and what it writes to its standard error is the reason otherwise.
 */
export const toolManifest = z.strictObject({
  name: toolName,
  version: toolVersion,
  /** Tells a model, in one or two sentences, when to use it. */
  description: z.string().trim().min(10).max(1_000),
  inputSchema: toolSchema,
  outputSchema: toolSchema,
  /** What runs it: Node.js or Python for `entry`, or `command` for everything else. */
  language: z.enum(['node', 'python', 'command']),
  /** The file that is run, in the folder of the tool. */
  entry: relativePath,
  /** Of `command` alone: the program and its arguments; `$ENTRY` stands for the entry. */
  command: z.array(z.string().min(1).max(500)).min(1).max(20).exactOptional(),
  /** The same input always has the same output. */
  deterministic: z.boolean().default(true),
  permissions: toolPermissions.prefault({}),
  limits: toolLimits.prefault({}),
  /** Packages of the registry of its language, each at exactly one version; installed without running their scripts. */
  dependencies: z.record(z.string().max(214), z.string().max(60)).default({}),
  /** How its own tests are run in its folder; the usual way of the language when absent. */
  testCommand: z.array(z.string().min(1).max(500)).min(1).max(20).exactOptional(),
});

/**
 * A call with what it has to give; `error`: it has to fail. Without an output it only has to fit the schema. `partial`: the
 * output has at least these fields with these values; how the others are filled is open.
 */
export const toolExample = z.strictObject({
  name: z.string().trim().min(1).max(200),
  input: z.unknown(),
  output: z.unknown().optional(),
  partial: z.boolean().exactOptional(),
  error: z.boolean().default(false),
});

/** `test/examples.json`. */
export const toolExamples = z.array(toolExample).min(1).max(100);

/** Who wanted it, who built it, and who let it in. */
export const toolProvenance = z.strictObject({
  /** Absent for a tool that a person wrote. */
  requestId: z.string().exactOptional(),
  requestedBy: z.enum([...agentRoles, 'human']),
  builtBy: z.array(z.enum([...agentRoles, 'human'])),
  /** Adoption is always a human's; `beforehand`: the decision to build it said so. */
  adopted: z.enum(['by-a-person', 'beforehand']),
  /** ISO 8601 in UTC. */
  builtAt: z.iso.datetime(),
});

export type ToolManifest = z.infer<typeof toolManifest>;
export type ToolPermissions = z.infer<typeof toolPermissions>;
export type ToolExample = z.infer<typeof toolExample>;
export type ToolProvenance = z.infer<typeof toolProvenance>;

/** The files of a tool by their paths in its folder, with `/` between names; `tool.json` is one of them. */
export type ToolFiles = ReadonlyMap<string, Uint8Array>;

/** A version that is or was in use; it never changes. */
export type ToolVersion = {
  readonly manifest: ToolManifest;
  /** SHA-256 in hexadecimal digits over its sorted paths and contents. */
  readonly digest: string;
  readonly provenance: ToolProvenance;
  readonly publishedAt: Date;
};

/** A tool as it is offered. */
export type Tool = ToolVersion & {
  readonly status: 'active' | 'retired';
  /** Every version that there is, oldest first; the one that is served is `manifest.version`. */
  readonly versions: readonly string[];
  readonly calls: number;
  readonly failures: number;
  readonly lastUsedAt?: Date;
  /** When a person last said of it that it is wanted: kept it, offered it again, or chose the version that is served. */
  readonly wantedAt?: Date;
};

/** One call of a tool, as it is counted. */
export type ToolUse = {
  readonly name: string;
  readonly version: string;
  readonly agent: (typeof agentRoles)[number] | 'human';
  /** The task in whose session it was called. */
  readonly taskId?: TaskId;
  readonly outcome: 'succeeded' | 'failed' | 'refused-input' | 'wrong-output' | 'over-limit';
  readonly durationMs: number;
};

/** Whether a call counts against the tool; what does not fit its input never reached it. */
export function isFailureOfTool(outcome: ToolUse['outcome']): boolean {
  return outcome !== 'succeeded' && outcome !== 'refused-input';
}

/** Whether a version asks for a right that the one before did not have: that takes a human's decision of its own. */
export function asksForMore(before: ToolPermissions, after: ToolPermissions): boolean {
  const more = (had: readonly string[], wants: readonly string[]) => wants.some((one) => !had.includes(one));
  return (
    more(before.read, after.read) ||
    more(before.write, after.write) ||
    more(before.hosts, after.hosts) ||
    more(before.env, after.env) ||
    (after.subprocess && !before.subprocess)
  );
}
