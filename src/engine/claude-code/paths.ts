import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';

/**
 * Where a path leads, links followed. Of what does not exist yet the nearest folder that does is followed; undefined when
 * that cannot be told, for example because a link leads to nothing.
 *
 * @param path absolute and without `..`
 */
export function landingOf(path: string): string | undefined {
  const missing: string[] = [];
  for (let place = path; ; place = dirname(place)) {
    try {
      return join(realpathSync.native(place), ...missing);
    } catch (error) {
      if (!isMissing(error) || place === dirname(place) || isLink(place)) return undefined;
      missing.unshift(basename(place));
    }
  }
}

/** Whether `path` is `folder` or lies inside it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith('../') || isAbsolute(way));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** A link whose end is missing: what is written there comes into being at that end. */
function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
