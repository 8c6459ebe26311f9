package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.ClientConnection;
import io.anycastle.proxy.listen.SocketAbort;
import io.anycastle.proxy.origin.OriginClient;
import io.anycastle.proxy.origin.OriginTarget;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The origin connection of a client whose login belongs to its connection (NTLM, and Negotiate as servers keep it; RFC 4559 section 6): no
 * other client's request travels on it, and both connections end together. Belongs to the client connection and its event loop.
 */
final class Login {
    private static final AttributeKey<Login> KEY = AttributeKey.valueOf("anycastle.login");
    private static final List<String> SCHEMES = List.of("NTLM", "Negotiate");

    private final ClientConnection owner;
    private @Nullable OriginTarget target;
    private @Nullable HttpClientConnection connection;

    private Login(ClientConnection owner) {
        this.owner = owner;
    }

    /** What the client connection has, if a login was ever asked for or offered on it. */
    static Optional<Login> of(ClientConnection owner) {
        return Optional.ofNullable(owner.attribute(KEY).get());
    }

    /** From now on the client connection's requests have an origin connection to themselves. */
    static void begin(Exchange exchange) {
        ClientConnection owner = exchange.connection();
        if (owner.attribute(KEY).setIfAbsent(new Login(owner)) == null) {
            exchange.counters().count(Event.ORIGIN_LOGINS);
        }
    }

    /** Whether a request brings such a login. */
    static boolean isOffered(MultiMap headers) {
        return names(headers.getAll("Authorization"));
    }

    /** Whether an answer asks for such a login. */
    static boolean isAsked(MultiMap headers) {
        return names(headers.getAll("WWW-Authenticate"));
    }

    private static boolean names(List<String> fields) {
        for (String field : fields) {
            for (String element : field.split(",", -1)) {
                String scheme = element.strip().split("\\s", 2)[0];
                if (SCHEMES.stream().anyMatch(scheme::equalsIgnoreCase)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The same targets, and first the one that the login is with. */
    List<OriginTarget> first(List<OriginTarget> targets) {
        if (connection == null || target == null || !targets.contains(target)) {
            return targets;
        }
        List<OriginTarget> ordered = new ArrayList<>(targets);
        ordered.remove(target);
        ordered.addFirst(target);
        return ordered;
    }

    /** A request on the connection to that target, which is made when there is none. */
    Future<HttpClientRequest> request(OriginClient client, OriginTarget wanted, RequestOptions line) {
        if (connection != null && wanted.equals(target)) {
            return connection.request(line);
        }
        leave();
        return client.connectAlone(wanted).compose(made -> {
            hold(wanted, made);
            return made.request(line);
        });
    }

    private void hold(OriginTarget with, HttpClientConnection made) {
        target = with;
        connection = made;
        OriginClient.channel(made).ifPresent(channel -> {
            channel.closeFuture().addListener(closed -> ended(made));
            owner.whenClosed(() -> SocketAbort.close(channel));
        });
    }

    private void leave() {
        HttpClientConnection left = connection;
        connection = null;
        if (left != null) {
            OriginClient.channel(left).ifPresent(SocketAbort::close);
        }
    }

    private void ended(HttpClientConnection which) {
        if (which.equals(connection)) {
            connection = null;
            owner.endSoon();
        }
    }
}
