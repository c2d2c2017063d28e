import { noOutputFor } from '../times.ts';

/** What goes on now. An empty text: nothing does. In `waiting` silence is expected; `trouble` is what was heard last. */
export type Live = { readonly text: string; readonly kind: 'working' | 'waiting' | 'trouble' };

export const nothing: Live = { text: '', kind: 'working' };

export function working(text: string): Live {
  return { text, kind: 'working' };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** From when on it is said that nothing is heard. */
export const silentAfterMs = 20_000;
/** Where nothing can be redrawn, it is said at these moments and then every hour: no flood. */
const toldAtMs = [silentAfterMs, minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs];

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** The status line of an interactive terminal. A spinner never turns over trouble, and never over silence alone. */
export function liveLine(
  { text, kind }: Live,
  time: { readonly shownMs: number; readonly silentMs: number; readonly frame: number },
  columns: number,
): string {
  const seconds = Math.floor(time.shownMs / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const silence = kind !== 'waiting' && time.silentMs >= silentAfterMs ? ` · ${noOutputFor(time.silentMs)}` : '';
  const sign = kind === 'trouble' ? '⚠' : frames[time.frame % frames.length];
  const room = Math.max(0, columns - clock.length - silence.length - 5);
  return `${sign} ${text.slice(0, room)}${silence}  ${clock}`;
}

/** The last moment of a silence that is to be told on a line of its own; 0 when there is none. */
export function silenceDue({ kind, text }: Live, silentMs: number): number {
  if (kind === 'waiting' || text === '') return 0;
  if (silentMs >= hourMs) return Math.floor(silentMs / hourMs) * hourMs;
  return toldAtMs.findLast((moment) => moment <= silentMs) ?? 0;
}

/** That line. */
export function silenceLine({ text, kind }: Live, silentMs: number): string {
  return kind === 'trouble' ? `⚠️  ${noOutputFor(silentMs)} after: ${text}` : `⏳ ${noOutputFor(silentMs)} (${text})`;
}
