/** Something the bakery sells. */
export interface MenuItem {
  /** How an order names it. */
  readonly item: string;
  readonly name: string;
  /** What one of it is, such as `six pieces`. */
  readonly unit: string;
  /** Indian rupees, whole. */
  readonly price: number;
  /** Made to order: ready from the next day on. */
  readonly isCake?: true;
}

/** What Anand Bakery sells. */
export const menu: readonly MenuItem[] = [
  { item: 'pav', name: 'Pav', unit: 'six pieces', price: 40 },
  { item: 'brown-bread', name: 'Brown bread', unit: 'a loaf', price: 55 },
  { item: 'garlic-loaf', name: 'Garlic loaf', unit: 'a loaf', price: 90 },
  { item: 'butter-croissant', name: 'Butter croissant', unit: 'a piece', price: 80 },
  { item: 'veg-puff', name: 'Veg puff', unit: 'a piece', price: 35 },
  { item: 'paneer-puff', name: 'Paneer puff', unit: 'a piece', price: 45 },
  { item: 'nankhatai', name: 'Nankhatai', unit: 'a quarter kilo', price: 120 },
  { item: 'shrewsbury-biscuits', name: 'Shrewsbury biscuits', unit: 'a quarter kilo', price: 140 },
  { item: 'vanilla-cake-half', name: 'Vanilla cake', unit: 'half a kilo', price: 400, isCake: true },
  { item: 'vanilla-cake-kilo', name: 'Vanilla cake', unit: 'one kilo', price: 750, isCake: true },
  {
    item: 'chocolate-truffle-half',
    name: 'Chocolate truffle cake',
    unit: 'half a kilo',
    price: 450,
    isCake: true,
  },
  {
    item: 'chocolate-truffle-kilo',
    name: 'Chocolate truffle cake',
    unit: 'one kilo',
    price: 850,
    isCake: true,
  },
  { item: 'pineapple-cake-half', name: 'Pineapple cake', unit: 'half a kilo', price: 420, isCake: true },
  { item: 'pineapple-cake-kilo', name: 'Pineapple cake', unit: 'one kilo', price: 800, isCake: true },
];

/** The part of the menu whose name has every word of `about`; all of it for no words. */
export function menuAbout(about: string): readonly MenuItem[] {
  const words = about
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  return menu.filter(({ item, name }) => {
    const text = `${item} ${name}`.toLowerCase();
    return words.every((word) => text.includes(word.replace(/s$/, '')));
  });
}
