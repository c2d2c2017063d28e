import { randomUUID } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { MachineId } from '../domain/identifiers.ts';
import { SpiralError } from '../spiral.ts';
import { madeOnce } from '../store/postgres/embedded/made-once.ts';

export type StateRoot = { readonly path: string; readonly machine: MachineId };

const machineSchema = z.uuid().transform((value) => value as MachineId);

/**
 * Makes `$SPIRAL_HOME` where it does not exist and reads, or makes, the name of this installation. Throws `SpiralError`.
 *
 * @param home absolute
 */
export async function openStateRoot(home: string): Promise<StateRoot> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    const path = await realpath(home);
    return { path, machine: await machineOf(join(path, 'machine-id')) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SpiralError(
      'unavailable',
      `Spiral's state folder ${home} cannot be used: ${why}`,
      'Set SPIRAL_HOME to a folder that you can write to.',
      {
        cause: error,
      },
    );
  }
}

async function machineOf(path: string): Promise<MachineId> {
  const name = machineSchema.safeParse(await madeOnce(path, randomUUID));
  if (!name.success) throw new Error(`${path} is damaged, it should hold the id of this installation`);
  return name.data;
}
