/**
 * Something that is made of what is offered, made anew with the first call after a change. When it cannot be made, the next
 * call tries again.
 */
export function atRevision<Made>(
  revision: () => Promise<number>,
  make: () => Promise<Made>,
): () => Promise<{ readonly made: Made; readonly revision: number }> {
  let kept: { readonly revision: number; readonly made: Promise<Made> } | undefined;
  return async () => {
    // First the revision: what is made after that may be newer, never older.
    const now = await revision();
    if (kept?.revision !== now) kept = { revision: now, made: make() };
    const current = kept;
    try {
      return { made: await current.made, revision: now };
    } catch (error) {
      if (kept === current) kept = undefined;
      throw error;
    }
  };
}
