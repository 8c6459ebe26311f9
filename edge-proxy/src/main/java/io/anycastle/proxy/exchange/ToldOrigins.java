package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.message.ResponseListener;
import io.anycastle.proxy.origin.OriginPool;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.origin.OwnedConnection;
import io.anycastle.proxy.origin.ProxyHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The origin connections of a client connection that begin with the PROXY protocol: they say who the client is, so they carry its requests
 * alone and end with it. Belongs to the client connection and its event loop.
 */
final class ToldOrigins {
    private final List<Told> all = new ArrayList<>(1);

    private ToldOrigins() {}

    /** Those of the exchange's client, from now on if there were none. */
    static ToldOrigins of(Exchange exchange) {
        ClientConnection owner = exchange.connection();
        OwnOrigins own = OwnOrigins.make(owner);
        ToldOrigins told = own.told;
        if (told == null) {
            told = new ToldOrigins();
            own.told = told;
            owner.whenClosed(told::leave);
        }
        return told;
    }

    /** A connection, and who its origin was told that the client is. */
    private record Told(InetAddress client, OwnedConnection connection) {}

    /** What an origin is told of the exchange's client. */
    static ProxyHeader header(Exchange exchange) {
        ClientConnection owner = exchange.connection();
        InetAddress client = exchange.client();
        boolean isPeer = client.equals(owner.peer());
        return new ProxyHeader(new InetSocketAddress(client, isPeer ? owner.peerPort() : 0), owner.destination());
    }

    /**
     * Asks on a connection that is free, or else on a new one.
     *
     * @param isNew whether it must be a new one
     */
    void request(Exchange exchange, OriginTarget target, boolean isNew, ResponseListener listener) {
        all.removeIf(each -> !each.connection().isOpen());
        if (!isNew) {
            for (Told each : all) {
                OwnedConnection connection = each.connection();
                if (connection.isFree()
                        && connection.target().equals(target)
                        && each.client().equals(exchange.client())) {
                    connection.request(listener);
                    return;
                }
            }
        }
        OriginPool pool = exchange.surroundings().origins();
        OwnedConnection made = pool.own(target, header(exchange), () -> {});
        all.add(new Told(exchange.client(), made));
        made.request(listener);
    }

    private void leave() {
        all.forEach(each -> each.connection().close());
        all.clear();
    }
}
