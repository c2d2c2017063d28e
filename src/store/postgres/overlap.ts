/** Whether two absolute folders are the same, or one lies inside the other. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [withSlash(one), withSlash(other)];
  return a.startsWith(b) || b.startsWith(a);
}

function withSlash(folder: string): string {
  // Only a path that does not begin with `/` is one of Windows; elsewhere a backslash is a letter like any other.
  const path = folder.startsWith('/') ? folder : folder.replaceAll('\\', '/');
  return path.endsWith('/') ? path : `${path}/`;
}
