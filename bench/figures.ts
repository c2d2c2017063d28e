/** The middle of some measurements, with how far they spread. */
export type Figures = { readonly median: number; readonly least: number; readonly most: number };

export function figuresOf(values: readonly number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { median, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

export function told({ median, least, most }: Figures, unit: string, digits = 0): string {
  const spread = `(${least.toFixed(digits)}-${most.toFixed(digits)})`;
  return [median.toFixed(digits), unit, spread].filter((part) => part !== '').join(' ');
}

/** Each value by the other of its pair. */
export function ratiosOf(ours: readonly number[], peer: readonly number[]): number[] {
  return ours.map((value, index) => value / (peer[index] ?? Number.NaN));
}

/** Each value without the other of its pair. */
export function differencesOf(ours: readonly number[], peer: readonly number[]): number[] {
  return ours.map((value, index) => value - (peer[index] ?? Number.NaN));
}

/** How much the values rise from one to the next, by the line that lies nearest to all of them. */
export function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rise = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  const run = values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
  return rise / run;
}

/** Prints names and figures in two columns. */
export function printTable(lines: readonly (readonly [name: string, figure: string])[]): void {
  const width = Math.max(...lines.map(([name]) => name.length));
  for (const [name, figure] of lines) console.log(`${`${name}:`.padEnd(width + 2)} ${figure}`);
}
