/** What Exotel's dynamic URL expects: the address to open the stream at. */
export function resolveReply(url: string): { readonly url: string } {
  return { url };
}

/** What the Connect applet's dynamic URL expects; a field that it does not know can drop the call, so there are few. */
export function connectReply(number: string, ringingS: number): Readonly<Record<string, unknown>> {
  return { destination: { numbers: [number] }, max_ringing_duration: ringingS };
}

/** What a SwitchCase applet expects: the name of a branch. */
export function switchReply(branch: string): string {
  return JSON.stringify({ select: branch });
}
