/** Whether an error is one of the operating system with one of these codes, for example `ENOENT`. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** What the promise comes to, or undefined when it fails with one of these codes. */
export async function unless<Value>(promise: Promise<Value>, ...codes: string[]): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (hasCode(error, ...codes)) return undefined;
    throw error;
  }
}
