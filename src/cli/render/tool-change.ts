import type { ToolChange } from '../../spiral/tools.ts';
import { plainText } from '../plain-text.ts';

/** `spiral tools show NAME|REQUEST --diff`: whole, with every letter where it is. */
export function toolChangeLines({ name, version, before, lines }: ToolChange): string[] {
  const what = version === undefined ? `what was built for ${name}` : `${name} ${version}`;
  const head = before === undefined ? `🛠️  ${what}, the first version` : `🛠️  ${what}, after ${before}`;
  return [plainText(head), ...(lines.length === 0 ? ['Nothing differs.'] : lines.map(plainText))];
}
