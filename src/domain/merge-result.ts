/** What came of handing the work of a branch back to its repository. */
export type MergeResult =
  | { readonly kind: 'merged'; readonly commit: string; readonly into: string }
  | { readonly kind: 'nothing-to-merge' }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly problem: string; readonly cure: string };
