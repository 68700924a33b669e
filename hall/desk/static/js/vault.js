// Keeps one thing on the device, encrypted under a key that no script can read out and that goes when it is cleared.
const NAME = "sanban-doorstep";

const wait = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("kept");
  return wait(request);
}

async function kept(name) {
  const base = await open();
  try {
    return await wait(base.transaction("kept").objectStore("kept").get(name));
  } finally {
    base.close();
  }
}

async function keep(name, value) {
  const base = await open();
  try {
    const move = base.transaction("kept", "readwrite", { durability: "strict" });
    move.objectStore("kept").put(value, name);
    await new Promise((resolve, reject) => {
      move.oncomplete = resolve;
      move.onerror = move.onabort = () => reject(move.error);
    });
  } finally {
    base.close();
  }
}

async function key() {
  const old = await kept("key");
  if (old) return old;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await keep("key", made);
  return made;
}

export async function load() {
  const sealed = await kept("box");
  if (!sealed) return null;
  const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, await key(), sealed.data);
  return JSON.parse(new TextDecoder().decode(clear));
}

export async function save(box) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), new TextEncoder().encode(JSON.stringify(box)));
  await keep("box", { iv, data });
}

export const clear = () => wait(indexedDB.deleteDatabase(NAME));
