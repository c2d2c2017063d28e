/** The middle of some measurements, with how far they spread. */
export type Figures = { readonly median: number; readonly least: number; readonly most: number };

export function figuresOf(values: readonly number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return { median, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

export function told({ median, least, most }: Figures, unit: string, digits = 0): string {
  return `${median.toFixed(digits)} ${unit} (${least.toFixed(digits)}-${most.toFixed(digits)})`;
}
