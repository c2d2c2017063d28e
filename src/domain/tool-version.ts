/** Whether a version comes after another. Both are as `toolVersion` wants them. */
export function isLater(version: string, other: string): boolean {
  const [ours, theirs] = [partsOf(version), partsOf(other)];
  const index = ours.findIndex((part, at) => part !== theirs[at]);
  return index >= 0 && (ours[index] ?? 0) > (theirs[index] ?? 0);
}

function partsOf(version: string): number[] {
  return version.split('.').map(Number);
}
