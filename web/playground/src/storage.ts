/**
 * What GraphiQL keeps. Variables, headers, answers and the history come to hold tokens and codes,
 * which do not belong on a disk: only how the page looks outlives it.
 */
const ON_DISK = /^graphiql:(theme|visiblePlugin|\w+Flex)$/;

const memory = new Map<string, string>();

const place = (key: string) =>
  ON_DISK.test(key)
    ? localStorage
    : {
        getItem: (name: string) => memory.get(name) ?? null,
        setItem: (name: string, value: string) => void memory.set(name, value),
        removeItem: (name: string) => void memory.delete(name),
      };

export const storage = {
  getItem: (key: string) => place(key).getItem(key),
  setItem: (key: string, value: string) => place(key).setItem(key, value),
  removeItem: (key: string) => place(key).removeItem(key),
  clear() {
    memory.clear();
    localStorage.clear();
  },
  get length() {
    return memory.size + localStorage.length;
  },
};
