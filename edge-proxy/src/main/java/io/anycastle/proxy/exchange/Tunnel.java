package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.Occupant;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetSocket;

/**
 * A WebSocket between client and origin: bytes both ways, no faster than they are taken. It exists only after the origin has answered
 * 101; until then what the client sends is a request like any other.
 */
final class Tunnel implements Occupant {
    private static final String WEBSOCKET = "websocket";

    private final Exchange exchange;
    private final NetSocket client;
    private final NetSocket origin;
    private final Pump toOrigin;
    private final Pump toClient;

    private Tunnel(Exchange exchange, NetSocket client, NetSocket origin) {
        this.exchange = exchange;
        this.client = client;
        this.origin = origin;
        this.toOrigin = new Pump(client, origin);
        this.toClient = new Pump(origin, client);
    }

    static boolean isAskedFor(Exchange exchange) {
        var request = exchange.request();
        return request.method().equals(HttpMethod.GET)
                && !exchange.hasBody()
                && !exchange.isHttp10()
                && request.headers().contains(HttpHeaders.UPGRADE, WEBSOCKET, true)
                && FieldNames.listedByConnection(request.headers()).contains("upgrade");
    }

    /** Writes the hop's own fields, which ask the origin to switch. */
    static void ask(MultiMap toOrigin) {
        toOrigin.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
        toOrigin.set(HttpHeaders.UPGRADE, WEBSOCKET);
    }

    static void open(Exchange exchange, HttpClientResponse switching) {
        NetSocket origin = switching.netSocket();
        origin.pause();
        var response = exchange.response();
        ResponseHeaders.write(switching.headers(), response.headers(), exchange.ray());
        response.headers().remove(HttpHeaders.CONTENT_LENGTH);
        ask(response.headers());
        exchange.request().toNetSocket().onComplete(client -> new Tunnel(exchange, client, origin).run(), failure -> {
            origin.close();
            exchange.connection().reset();
            exchange.end();
        });
    }

    private void run() {
        exchange.counters().count(Event.TUNNELS);
        exchange.stage(this);
        client.pause();
        client.closeHandler(gone -> close());
        origin.closeHandler(gone -> close());
        client.exceptionHandler(failure -> close());
        origin.exceptionHandler(failure -> close());
        toOrigin.run(origin::end);
        toClient.run(client::end);
    }

    private void close() {
        client.close();
        origin.close();
        exchange.end();
    }

    @Override
    public void expire(long nowNanos) {
        long moved = Math.max(toOrigin.movedNanos(), toClient.movedNanos());
        if (nowNanos - moved > exchange.surroundings().config().clients().idle().toNanos()) {
            close();
        }
    }
}
