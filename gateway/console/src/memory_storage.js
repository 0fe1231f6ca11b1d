// Keeps the editor's state for as long as the page lives, and no longer: queries and variables
// may hold personal values, which must not stay in a browser at a counter.

export function createMemoryStorage() {
  const values = new Map();
  return {
    get length() {
      return values.size;
    },
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, String(value)),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}
