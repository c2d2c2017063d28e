// The first of the two numbers of every advisory lock of ours: "SPIR" in ASCII.
const family = 0x53504952;

/** The second number: what the lock guards. Fixed for ever: processes of different versions meet here. */
const numbers = { migrations: 1, events: 2, workspaces: 3, use: 4, toolRequests: 5, tools: 6 } as const;

/** The two arguments of `pg_advisory_lock` and its kin. They are per database, not per server. */
export function lockNumbers(guarded: keyof typeof numbers): readonly [family: number, number: number] {
  return [family, numbers[guarded]];
}
