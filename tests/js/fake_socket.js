// Stands for the Socket.IO client: a test says what arrives, and reads what was sent.
export const sockets = [];

export function io(namespace, options) {
  const socket = new FakeSocket(namespace, options);
  sockets.push(socket);
  return socket;
}

class FakeSocket {
  constructor(namespace, options) {
    Object.assign(this, { namespace, options, connected: false, active: true, joins: [], connects: 0, handlers: {} });
  }

  on(name, handler) {
    this.handlers[name] = handler;
  }

  arrive(name, body) {
    this.handlers[name]?.(body);
  }

  open() {
    this.connected = this.active = true;
    this.arrive("connect");
  }

  close(reason = "transport close") {
    this.connected = false;
    this.active = reason === "transport close";
    const open = this.joins.filter((join) => !join.done);
    this.arrive("disconnect", reason);
    // The library answers what is open at a disconnect with an error.
    for (const join of open) join.answer(new Error("socket has been disconnected"));
  }

  connect() {
    this.connects += 1;
    this.active = true;
    return this;
  }

  disconnect() {
    if (this.connected) {
      this.onDisconnect?.();
      this.close("io client disconnect");
    }
    return this;
  }

  timeout(ms) {
    return {
      emit: (name, body, callback) => {
        const join = { name, body, done: false };
        const timer = setTimeout(() => join.answer(new Error("operation has timed out")), ms);
        join.answer = (error, answer) => {
          if (join.done) return;
          join.done = true;
          clearTimeout(timer);
          callback(error, answer);
        };
        this.joins.push(join);
        this.onJoin?.(join);
      },
    };
  }
}
