/** One thing that `spiral doctor` looked at. Anything but `ok` says what to do about it. */
export type Check =
  | { readonly name: string; readonly status: 'ok'; readonly found: string }
  | { readonly name: string; readonly status: 'warning' | 'problem'; readonly found: string; readonly cure: string };
