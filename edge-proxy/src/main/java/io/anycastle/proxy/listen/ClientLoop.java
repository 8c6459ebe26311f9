package io.anycastle.proxy.listen;

import io.netty.channel.EventLoop;

/** An event loop that serves clients, and its connections. */
public record ClientLoop(EventLoop eventLoop, LoopConnections connections) {}
