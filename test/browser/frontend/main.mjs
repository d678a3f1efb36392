// A frontend as people write them. It runs in the page, where tests call its functions by name; `tell` is the tests' own.

/** Asks a server on another origin, with its cookie. Every request is JSON, so that even a GET needs a preflight. */
globalThis.ask = async (method, url, body) => {
  try {
    const response = await fetch(url, {
      method,
      credentials: 'include',
      headers: { 'content-type': 'application/json' },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch (error) {
    return { unreadable: String(error) };
  }
};

/** A request that needs no preflight, as a form would send it. Resolves when it is answered, but the page learns nothing of that. */
globalThis.askBlindly = async (method, url, body) => {
  const content =
    body === null ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'text/plain' } };
  await fetch(url, { method, mode: 'no-cors', credentials: 'include', ...content }).catch(() => {
    // The answer says that pages of other origins get none of it.
  });
};

/** Sends a form and leaves for its answer, with the cookies that the browser gives along. */
globalThis.submitForm = (url) => {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action: url });
  document.body.append(form);
  form.submit();
};

/** Follows a stream of events and tells everything that happens, also of a loss and of coming back. */
globalThis.follow = (name, url, events) => {
  const source = new EventSource(url, { withCredentials: true });
  const states = ['connecting', 'open', 'closed'];
  source.addEventListener('open', () => globalThis.tell({ name, type: 'opened' }));
  source.addEventListener('error', () => globalThis.tell({ name, type: states[source.readyState] }));
  for (const type of events)
    source.addEventListener(type, ({ lastEventId, data }) =>
      globalThis.tell({ name, type, id: lastEventId, data: JSON.parse(data) }),
    );
};

/** Opens a socket with the cookie of the page and tells what arrives. */
globalThis.connectSocket = (url, transports) => {
  const socket = globalThis.io(url, { withCredentials: true, transports, reconnection: false });
  socket.on('connect', () => globalThis.tell({ name: 'socket', type: 'connect' }));
  socket.on('connect_error', (error) =>
    globalThis.tell({ name: 'socket', type: 'connect_error', data: error.message }),
  );
  socket.on('disconnect', (reason) => globalThis.tell({ name: 'socket', type: 'disconnect', data: reason }));
  socket.onAny((type, data) => globalThis.tell({ name: 'socket', type, data }));
  globalThis.socket = socket;
};

globalThis.emit = (event, data) => {
  globalThis.socket.emit(event, data);
};
