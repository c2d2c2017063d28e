/** Whether Discord takes this as the name of an emoji that no server made. */
export function isUnicodeEmoji(name: string): boolean {
  return /\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\u20e3/u.test(name);
}
