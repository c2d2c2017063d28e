/** Lines around a change that are shown with it. */
const context = 3;
/** Beyond this many comparisons of lines the middle of two texts counts as replaced: that is true as well, and quick. */
const mostComparisons = 4_000_000;

type Line = { readonly sign: ' ' | '-' | '+'; readonly text: string };

/** The hunks of a unified diff of two texts; empty when they have the same lines. */
export function unifiedDiff(before: string, after: string): string[] {
  const lines = comparedLines(linesOf(before), linesOf(after));
  return hunksOf(lines).flatMap(({ from, to }) => {
    const shown = lines.slice(from, to);
    return [rangeOf(lines.slice(0, from), shown), ...shown.map(({ sign, text }) => `${sign}${text}`)];
  });
}

/** The lines of a text; the end of the last one begins no other. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function comparedLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const same = (text: string): Line => ({ sign: ' ', text });
  return [
    ...before.slice(0, start).map(same),
    ...middleOf(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

/** By the longest common subsequence. */
function middleOf(before: readonly string[], after: readonly string[]): Line[] {
  const removed = before.map((text): Line => ({ sign: '-', text }));
  const added = after.map((text): Line => ({ sign: '+', text }));
  if (before.length === 0 || after.length === 0 || before.length * after.length > mostComparisons) {
    return [...removed, ...added];
  }
  const width = after.length + 1;
  /** How many lines are common from here to the end of both. */
  const common = new Uint32Array((before.length + 1) * width);
  for (let one = before.length - 1; one >= 0; one -= 1) {
    for (let other = after.length - 1; other >= 0; other -= 1) {
      const here = one * width + other;
      common[here] =
        before[one] === after[other]
          ? 1 + (common[here + width + 1] ?? 0)
          : Math.max(common[here + width] ?? 0, common[here + 1] ?? 0);
    }
  }
  const lines: Line[] = [];
  let [one, other] = [0, 0];
  while (one < before.length || other < after.length) {
    const [was, is] = [removed[one], added[other]];
    const here = one * width + other;
    if (was && is && was.text === is.text) {
      lines.push({ sign: ' ', text: is.text });
      one += 1;
      other += 1;
    } else if (was && (!is || (common[here + width] ?? 0) >= (common[here + 1] ?? 0))) {
      lines.push(was);
      one += 1;
    } else if (is) {
      lines.push(is);
      other += 1;
    }
  }
  return lines;
}

/** Changes with the lines around them; those whose surroundings touch are one hunk. */
function hunksOf(lines: readonly Line[]): { readonly from: number; readonly to: number }[] {
  const hunks: { from: number; to: number }[] = [];
  lines.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    const [from, to] = [Math.max(0, index - context), Math.min(lines.length, index + context + 1)];
    const last = hunks.at(-1);
    if (last && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  });
  return hunks;
}

/** `@@ -1,3 +1,4 @@`; a side without lines is told by the line before it. */
function rangeOf(above: readonly Line[], shown: readonly Line[]): string {
  const side = (without: Line['sign']) => {
    const count = shown.filter(({ sign }) => sign !== without).length;
    const first = above.filter(({ sign }) => sign !== without).length + (count === 0 ? 0 : 1);
    return `${first},${count}`;
  };
  return `@@ -${side('+')} +${side('-')} @@`;
}
