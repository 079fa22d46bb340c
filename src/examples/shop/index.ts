export { OrderBook } from './order-book.ts';
export { ShopServer } from './shop-server.ts';
