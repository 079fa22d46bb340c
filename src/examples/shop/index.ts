export { type Order, tomorrowAt } from './order.ts';
export { OrderBook } from './order-book.ts';
export { ShopServer } from './shop-server.ts';
