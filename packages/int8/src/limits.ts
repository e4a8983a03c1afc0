/** What `encode` writes and `decode` accepts at most; all are checked before anything is allocated. */
export const limits: {
  readonly headerBytes: number;
  readonly entries: number;
  readonly metadata: number;
  readonly nameBytes: number;
  readonly rank: number;
  readonly length: number;
} = {
  /** Bytes of names, shapes and metadata together. */
  headerBytes: 1_048_576,
  /** Entries of one file. */
  entries: 4096,
  /** Pairs in the metadata. */
  metadata: 1024,
  /** UTF-8 bytes of the name of an entry or a metadata key. */
  nameBytes: 255,
  /** Axes of one entry. */
  rank: 16,
  /** Length of one axis. */
  length: 4_294_967_295,
};
