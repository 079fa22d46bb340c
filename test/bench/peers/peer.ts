/** A bridge of others that Baari is measured beside. */
export interface Peer {
  readonly name: string;
  /** One line: what it is, which versions. */
  readonly about: string;
  /** Makes it ready to be started, or tells what is missing. */
  ready(): Promise<ReadyPeer | { readonly missing: string }>;
}

/** How a peer's process is started. */
export interface ReadyPeer {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly versions: Readonly<Record<string, string>>;
}
