/** Discord's dark look. */
export const colours = {
  ground: '#313338',
  header: '#2b2d31',
  line: '#26272b',
  card: '#2b2d31',
  code: '#1e1f22',
  words: '#dbdee1',
  strong: '#f2f3f5',
  quiet: '#949ba4',
  link: '#00a8fc',
  badge: '#5865f2',
  reaction: '#3b3d44',
  pressed: '#373a53',
} as const;

/** Of buttons, by Discord's number of their style. */
export const buttonColours: Readonly<Record<number, string>> = {
  1: '#5865f2',
  2: '#4e5058',
  3: '#248046',
  4: '#da373c',
};
