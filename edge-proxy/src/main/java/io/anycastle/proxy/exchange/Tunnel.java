package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.DeadlineHolder;
import io.anycastle.proxy.origin.OriginClient;
import io.netty.channel.Channel;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;

/**
 * A WebSocket between client and origin: bytes both ways, no faster than they are taken, and each side's end behind its last byte. It
 * exists only after the origin has answered 101; until then what the client sends is a request like any other.
 */
final class Tunnel implements DeadlineHolder {
    private static final String WEBSOCKET = "websocket";

    private final Exchange exchange;
    private final TunnelEnd client;
    private final TunnelEnd origin;

    private Tunnel(Exchange exchange, TunnelEnd client, TunnelEnd origin) {
        this.exchange = exchange;
        this.client = client;
        this.origin = origin;
    }

    static boolean isAskedFor(Exchange exchange) {
        var request = exchange.request();
        return request.method().equals(HttpMethod.GET)
                && !exchange.hasBody()
                && !exchange.isHttp10()
                && FieldNames.listsElement(request.headers().getAll(HttpHeaders.UPGRADE), WEBSOCKET)
                && FieldNames.listedByConnection(request.headers()).contains("upgrade");
    }

    /** Writes the hop's own fields, which ask the origin to switch. */
    static void ask(MultiMap toOrigin) {
        toOrigin.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
        toOrigin.set(HttpHeaders.UPGRADE, WEBSOCKET);
    }

    /** On the origin's 101. */
    static void open(Exchange exchange, HttpClientRequest asked, HttpClientResponse switching) {
        Channel channel = OriginClient.switched(asked);
        TunnelEnd origin = TunnelEnd.on(channel);
        var response = exchange.response();
        ResponseHeaders.write(switching.headers(), response.headers(), exchange.ray());
        response.headers().remove(HttpHeaders.CONTENT_LENGTH);
        ask(response.headers());
        exchange.connection().takeOver(on -> SwitchingReason.on(on, switching.statusMessage()));
        TunnelEnd client = exchange.connection().takeOver(TunnelEnd::on);
        exchange.request().toNetSocket().onComplete(socket -> new Tunnel(exchange, client, origin).run(), no -> {
            origin.close();
            exchange.connection().reset();
            exchange.end();
        });
    }

    private void run() {
        exchange.counters().count(Event.TUNNELS);
        exchange.stage(this);
        exchange.connection().whenClosed(exchange::end);
        TunnelEnd.join(client, origin);
    }

    @Override
    public void expire(long nowNanos) {
        var clients = exchange.surroundings().config().clients();
        long moved = Math.max(client.movedNanos(), origin.movedNanos());
        // who has heard the other side's end has nothing to wait for but its own
        Duration limit = origin.hasEnded() ? clients.write() : clients.idle();
        if (nowNanos - moved > limit.toNanos()) {
            client.close();
            origin.close();
        }
    }
}
