/**
 * Collects what a command prints, up to a limit in bytes: the first half and the last half are kept, what fell out between
 * them is counted in the text.
 */
export function capturedOutput(limitBytes: number): { add(chunk: Buffer): void; text(): string } {
  const half = Math.floor(limitBytes / 2);
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail = Buffer.alloc(0);
  let dropped = 0;

  const addToTail = (chunk: Buffer) => {
    const joined = Buffer.concat([tail, chunk]);
    // Trimmed only now and then, so that a flood of small chunks costs linear time.
    if (joined.length > 2 * half) {
      dropped += joined.length - half;
      tail = Buffer.from(joined.subarray(joined.length - half));
    } else {
      tail = joined;
    }
  };

  return {
    add(chunk) {
      const room = half - headBytes;
      if (room > 0) {
        head.push(chunk.subarray(0, room));
        headBytes += Math.min(room, chunk.length);
      }
      if (chunk.length > room) addToTail(chunk.subarray(Math.max(0, room)));
    },
    text() {
      const surplus = Math.max(0, tail.length - half);
      const gap = dropped + surplus > 0 ? `\n… ${dropped + surplus} bytes left out …\n` : '';
      return Buffer.concat(head).toString('utf8') + gap + tail.subarray(surplus).toString('utf8');
    },
  };
}
