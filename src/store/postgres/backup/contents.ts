import * as z from 'zod';
import { type Frame, type FrameKind, jsonFrame } from './frames.ts';
import { damaged, newerBackup, notABackup } from './problems.ts';

const format = 'spiral-backup';
const formatVersion = 1;

const formatSchema = z.object({ format: z.literal(format), version: z.number() });
const beginSchema = z.object({ migration: z.number().int().positive(), createdAt: z.iso.datetime() });
const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()).nonempty() });
const endSchema = z.object({
  /** The number that the next row gets; as text, because it may be any that the server counts to. */
  sequences: z.array(z.object({ table: z.string(), column: z.string(), next: z.string().regex(/^\d{1,19}$/) })),
});

export type BackupBegin = z.infer<typeof beginSchema>;
export type BackupTable = z.infer<typeof tableSchema>;
export type BackupEnd = z.infer<typeof endSchema>;

export function beginFrame(begin: BackupBegin): Frame {
  return jsonFrame('B', { format, version: formatVersion, ...begin });
}

export function readBegin(frame: Frame | undefined): BackupBegin {
  const value = frame?.kind === 'B' ? jsonIn(frame) : undefined;
  const named = formatSchema.safeParse(value);
  if (!named.success) throw notABackup();
  if (named.data.version > formatVersion) throw newerBackup();
  return checked(beginSchema, value);
}

export function tableFrame(table: BackupTable): Frame {
  return jsonFrame('T', table);
}

export function readTable(frame: Frame): BackupTable {
  return checked(tableSchema, jsonOf('T', frame));
}

export function endFrame(end: BackupEnd): Frame {
  return jsonFrame('E', end);
}

export function readEnd(frame: Frame): BackupEnd {
  return checked(endSchema, jsonOf('E', frame));
}

function jsonOf(kind: FrameKind, frame: Frame): unknown {
  if (frame.kind !== kind) throw damaged('its parts are not in order');
  return jsonIn(frame);
}

function jsonIn({ bytes }: Frame): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // What is no JSON is told as whatever does not fit the schema.
    return undefined;
  }
}

function checked<Data>(schema: z.ZodType<Data>, value: unknown): Data {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw damaged('it holds something else');
  return parsed.data;
}
