/** An incremental SHA-256. `hex()` ends it. */
export interface Sha256 {
  update(bytes: Uint8Array): this;
  hex(): string;
}

/**
 * What hashes and compresses. Synchronous libraries in the simulated world, so that the same input gives the
 * same bytes in Node and in a browser; Node's native ones in the real world.
 */
export interface Codecs {
  sha256(): Sha256;
  gzip(bytes: Uint8Array): Uint8Array;
  /** Throws an Error ("gzip: invalid header", "unexpected EOF") for what is not gzip. */
  gunzip(bytes: Uint8Array): Uint8Array;
  unzstd(bytes: Uint8Array): Uint8Array;
}
