/** Styles are bundled by Vite; TypeScript needs to know only that they can be imported. */
declare module '*.css';
