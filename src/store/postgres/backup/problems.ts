import { StoreError } from '../../store.ts';

const otherFile = 'Give a file that `spiral backup` has written.';
const anotherCopy = 'Give another backup; nothing of this one was kept.';

export function notABackup(): StoreError {
  return new StoreError('not-a-backup', 'this is not a backup of Spiral', otherFile);
}

export function damaged(how: string): StoreError {
  return new StoreError('not-a-backup', `the backup is damaged: ${how}`, anotherCopy);
}

export function newerBackup(): StoreError {
  return new StoreError(
    'newer-schema',
    'the backup was made by a newer version of Spiral',
    'Update Spiral, then restore.',
  );
}

/** What went wrong while the bytes of a backup were read or unpacked. */
export function unreadable(error: unknown): StoreError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return damaged('it is cut off');
  if (typeof code === 'string' && code.startsWith('Z_')) return notABackup();
  return new StoreError('not-a-backup', `the backup cannot be read: ${wordsOf(error)}`, otherFile, { cause: error });
}

export function unwritable(error: unknown): StoreError {
  const cure = 'Give a place that can be written and has room; what is there now is no backup.';
  return new StoreError('not-written', `the backup cannot be written: ${wordsOf(error)}`, cure, { cause: error });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
