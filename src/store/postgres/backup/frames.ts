import { createHash } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { damaged, notABackup, unreadable } from './problems.ts';

/**
 * A backup is a gzip stream of frames: one letter, the length of what follows as four bytes (the highest first), and the
 * bytes themselves. `B` begins it (JSON), `T` names a table and its columns (JSON), `D` is a piece of the table's rows as
 * COPY writes them, `E` ends it with the positions of the sequences (JSON). Behind that, `C` is the SHA-256 of all frames
 * before it.
 */
export type FrameKind = 'B' | 'T' | 'D' | 'E';

export type Frame = { readonly kind: FrameKind; readonly bytes: Buffer };

const headBytes = 5;
const checksumKind = 'C';
/** Far above what the driver hands over at once; a length beyond it is no length. */
const mostBytes = 64 * 1024 * 1024;

export function jsonFrame(kind: FrameKind, value: unknown): Frame {
  return { kind, bytes: Buffer.from(JSON.stringify(value)) };
}

/** The bytes of a backup before they are packed. */
export async function* bytesOf(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer, void, undefined> {
  const checksum = createHash('sha256');
  for await (const { kind, bytes } of frames) {
    for (const part of [headOf(kind, bytes.length), bytes]) {
      checksum.update(part);
      yield part;
    }
  }
  const sum = checksum.digest();
  yield headOf(checksumKind, sum.length);
  yield sum;
}

/**
 * The frames of a backup. Throws `StoreError` 'not-a-backup' as soon as something is wrong with it, at the latest in the
 * place of its end: until then nothing that was read may be kept.
 */
export async function* framesOf(from: Readable): AsyncGenerator<Frame, void, undefined> {
  const unpacked = createGunzip();
  // Whatever fails on the way is thrown where it is read.
  pipeline(from, unpacked, () => undefined);
  const source = piecesOf(unpacked);
  const checksum = createHash('sha256');
  try {
    for (let first = true; ; first = false) {
      const head = await source.take(headBytes);
      if (!head) throw first ? notABackup() : damaged('it is cut off');
      const kind = head.toString('latin1', 0, 1);
      const length = head.readUInt32BE(1);
      if (first && kind !== 'B') throw notABackup();
      if (!isKind(kind) || length > mostBytes) throw damaged('it holds something else');
      const bytes = await source.take(length);
      if (!bytes) throw damaged('it is cut off');
      if (kind === checksumKind) {
        if (!bytes.equals(checksum.digest())) throw damaged('its checksum is wrong');
        if (await source.take(1)) throw damaged('something follows its end');
        return;
      }
      checksum.update(head).update(bytes);
      yield { kind, bytes };
    }
  } finally {
    unpacked.destroy();
    from.destroy();
  }
}

function headOf(kind: string, length: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.write(kind, 'latin1');
  head.writeUInt32BE(length, 1);
  return head;
}

function isKind(letter: string): letter is FrameKind | typeof checksumKind {
  return letter.length === 1 && `BTDE${checksumKind}`.includes(letter);
}

/** Takes so many bytes at a time; undefined when not so many are left. */
function piecesOf(stream: Readable): { take(length: number): Promise<Buffer | undefined> } {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  let rest: Buffer[] = [];
  let available = 0;
  return {
    async take(length) {
      while (available < length) {
        const { done, value } = await chunks.next().catch((error: unknown) => {
          throw unreadable(error);
        });
        if (done) return undefined;
        rest.push(value);
        available += value.length;
      }
      const [first, ...others] = rest;
      const whole = first && others.length === 0 ? first : Buffer.concat(rest);
      rest = [whole.subarray(length)];
      available -= length;
      return whole.subarray(0, length);
    },
  };
}
