package io.anycastle.dns.listen;

import io.vertx.core.http.HttpConnection;
import java.net.InetAddress;

/** One client's connection for DNS over HTTPS: when it last asked, and what it has not read yet. Lives on its event loop. */
final class DohConnection {
    private final HttpConnection connection;
    private final InetAddress client;
    private final int port;
    private long lastQueryNanos = System.nanoTime();
    private long unreadOctets;

    DohConnection(HttpConnection connection, InetAddress client, int port) {
        this.connection = connection;
        this.client = client;
        this.port = port;
    }

    InetAddress client() {
        return client;
    }

    int port() {
        return port;
    }

    long lastQueryNanos() {
        return lastQueryNanos;
    }

    long unreadOctets() {
        return unreadOctets;
    }

    void answering(int octets) {
        lastQueryNanos = System.nanoTime();
        unreadOctets += octets;
    }

    void written(int octets) {
        unreadOctets -= octets;
    }

    void close() {
        connection.close();
    }
}
