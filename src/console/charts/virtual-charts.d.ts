declare module 'virtual:charts' {
  /** Every machine of Baari, laid out when the console was built. */
  export const charts: readonly import('./drawn-chart.ts').DrawnChart[];
}
