/**
 * Collects what a command prints, up to a limit in bytes: the first half and the last half are kept, what fell out between
 * them is counted in the text. Costs the same for every byte, however many come, and no memory beyond the limit.
 */
export function capturedOutput(limitBytes: number): { add(chunk: Buffer): void; text(): string } {
  const half = Math.max(1, Math.floor(limitBytes / 2));
  const head: Buffer[] = [];
  let headBytes = 0;
  let tailBytes = 0;
  // A ring: the byte that came as number n behind the head lies at n modulo its length.
  let ring: Buffer | undefined;

  const addToTail = (chunk: Buffer) => {
    ring ??= Buffer.alloc(half);
    const kept = chunk.subarray(Math.max(0, chunk.length - half));
    const position = (tailBytes + chunk.length - kept.length) % half;
    const untilEnd = kept.copy(ring, position);
    kept.copy(ring, 0, untilEnd);
    tailBytes += chunk.length;
  };

  const tail = (): Buffer => {
    if (!ring || tailBytes <= half) return ring?.subarray(0, tailBytes) ?? Buffer.alloc(0);
    const position = tailBytes % half;
    return Buffer.concat([ring.subarray(position), ring.subarray(0, position)]);
  };

  return {
    add(chunk) {
      const first = chunk.subarray(0, half - headBytes);
      if (first.length > 0) {
        // A copy: the chunk may be a small part of a large buffer, which would be held with it.
        head.push(Buffer.from(first));
        headBytes += first.length;
      }
      if (chunk.length > first.length) addToTail(chunk.subarray(first.length));
    },
    text() {
      if (tailBytes <= half) return Buffer.concat([...head, tail()]).toString('utf8');
      const beginning = withoutCutEnd(Buffer.concat(head));
      const end = withoutCutBeginning(tail());
      const dropped = headBytes + tailBytes - beginning.length - end.length;
      return `${beginning.toString('utf8')}\n… ${dropped} bytes left out …\n${end.toString('utf8')}`;
    },
  };
}

/** No character of UTF-8 has more bytes behind its first one. */
const mostFollowing = 3;

const isFollowing = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** Without the bytes at the beginning that belong to a character whose first byte was left out. */
function withoutCutBeginning(bytes: Buffer): Buffer {
  let following = 0;
  while (following < mostFollowing && isFollowing(bytes[following])) following += 1;
  return bytes.subarray(following);
}

/** Without the bytes at the end that begin a character whose rest was left out. */
function withoutCutEnd(bytes: Buffer): Buffer {
  let following = 0;
  while (following < mostFollowing && isFollowing(bytes[bytes.length - 1 - following])) following += 1;
  const first = bytes[bytes.length - 1 - following] ?? 0;
  const expected = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  return expected > following ? bytes.subarray(0, bytes.length - 1 - following) : bytes;
}
