import type { Peer } from '../peers/peer.ts';
import { baari, type VariantName, variants } from './baari.ts';
import type { BridgeCommand } from './bridge.ts';

/** A bridge by its name: `shipped` and the like for Baari, else a peer's folder. */
export interface UnderTest {
  readonly name: string;
  readonly about: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly variant?: VariantName;
  readonly command: (folder: string) => BridgeCommand;
}

/** @returns what is missing here to run it, in a line, where it cannot be */
export async function underTest(name: string): Promise<UnderTest | { readonly missing: string }> {
  if (isVariant(name)) {
    return {
      name,
      about: variants[name].about,
      versions: {},
      variant: name,
      command: (folder) => baari(name, folder),
    };
  }
  const { peer } = (await import(`../peers/${name}/peer.ts`)) as { peer: Peer };
  const ready = await peer.ready();
  if ('missing' in ready) return { missing: `${name}: ${ready.missing}` };
  return { name, about: peer.about, versions: ready.versions, command: () => ready };
}

function isVariant(name: string): name is VariantName {
  return name in variants;
}
