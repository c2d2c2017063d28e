/** What a surface remembers under a key. The value is JSON. */
export type StoredRecord = { readonly key: string; readonly value: unknown; readonly savedAt: Date };

/** What surfaces remember of the outside, for example which message is the card of a task. Each has keys of its own. */
export interface SurfaceStore {
  /** Undefined when there is nothing under the key. */
  get(surface: string, key: string): Promise<unknown>;
  /** Everything whose key begins so, oldest first. */
  all(surface: string, keyPrefix: string): Promise<StoredRecord[]>;
  /** Saves a value over the one before. */
  put(surface: string, key: string, value: unknown): Promise<void>;
  /** Saves only when there is nothing under the key yet; of several callers one gets true. */
  putOnce(surface: string, key: string, value: unknown): Promise<boolean>;
  delete(surface: string, key: string): Promise<void>;
}
