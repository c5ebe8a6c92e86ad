// What every page that keeps things on a device needs: IndexedDB's requests as promises, the browser's promise.

export function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function ended(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

// Whether the browser promises to keep what is on the device. May wait for the person: some browsers ask them.
export async function promised() {
  try {
    return await navigator.storage.persisted() || await navigator.storage.persist();
  } catch (unknown) {
    return false;
  }
}
