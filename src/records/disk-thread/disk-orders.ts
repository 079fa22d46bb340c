/** What the thread that writes records is to do. */
export type DiskOrder =
  | { readonly do: 'append'; readonly path: string; readonly text: string }
  | { readonly do: 'replace'; readonly path: string; readonly content: string | Uint8Array }
  | { readonly do: 'open' | 'close'; readonly path: string }
  | { readonly do: 'write'; readonly path: string; readonly bytes: Uint8Array; readonly position: number };

/** Orders in the order in which they are to be carried out, each with its number. */
export type DiskOrders = readonly (DiskOrder & { readonly id: number })[];

/** How each of the orders went. */
export type DiskAnswers = readonly {
  readonly id: number;
  readonly failure?: { readonly code: string | undefined; readonly message: string };
}[];
